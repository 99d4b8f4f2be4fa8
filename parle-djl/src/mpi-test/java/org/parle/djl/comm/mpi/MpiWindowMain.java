package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One process of {@link MpiWindowTest}. */
final class MpiWindowMain {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private MpiWindowMain() {}

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            switch (args[0]) {
                case "lanes" -> lanes(manager);
                case "flight" -> flight(manager);
                case "lengths" -> {
                    Communicator own = new MpiCommunicator(TIMEOUT);
                    own.allReduceMean(manager.create(new float[8 - own.rank()])).await();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
    }

    /** Two lanes: the third communicator goes without, and a later one takes what is free again. */
    private static void lanes(NDManager manager) {
        List<Communicator> open = new ArrayList<>();
        for (String expected : new String[] {"shared memory", "shared memory", "messages"}) {
            open.add(new MpiCommunicator(TIMEOUT));
            verify(open.get(open.size() - 1).toString().endsWith(expected), open.toString());
        }
        for (int round = 0; round < 4; round++) {
            for (Communicator one : open) {
                checkMean(one, manager, 500_000 + round, round);
            }
            Communicator closed = open.remove(round % 2);
            boolean shared = closed.toString().endsWith("shared memory");
            closed.close();
            open.add(new MpiCommunicator(TIMEOUT));
            verify(open.get(2).toString().endsWith(shared ? "shared memory" : "messages"), "lane");
        }
        System.out.println("took turns");
    }

    /** More blocks than a lane has slots, of several vectors, awaited in another order each. */
    private static void flight(NDManager manager) {
        Communicator communicator = new MpiCommunicator(TIMEOUT);
        int rank = communicator.rank();
        int[] lengths = {1_234_567, 3, 0, 777_777};
        for (int round = 0; round < 3; round++) {
            List<NDArray> vectors = new ArrayList<>();
            List<Pending<Void>> pending = new ArrayList<>();
            for (int length : lengths) {
                vectors.add(manager.create(values(rank, length, round)));
                pending.add(communicator.allReduceMean(vectors.get(vectors.size() - 1)));
            }
            Collections.rotate(pending, rank + round);
            pending.forEach(Pending::await);
            for (NDArray vector : vectors) {
                check(communicator, vector, round);
            }
        }
        System.out.println("landed");
    }

    private static void checkMean(
            Communicator communicator, NDManager manager, int length, int seed) {
        NDArray vector = manager.create(values(communicator.rank(), length, seed));
        communicator.allReduceMean(vector).await();
        check(communicator, vector, seed);
    }

    /** To the last bit: the sum in rank order, divided. */
    private static void check(Communicator communicator, NDArray vector, int seed) {
        int length = (int) vector.size();
        float[] mean = values(0, length, seed);
        for (int rank = 1; rank < communicator.size(); rank++) {
            float[] next = values(rank, length, seed);
            for (int i = 0; i < length; i++) {
                mean[i] += next[i];
            }
        }
        for (int i = 0; i < length; i++) {
            mean[i] /= communicator.size();
        }
        verify(Arrays.equals(vector.toFloatArray(), mean), "the mean of " + length);
    }

    /** Of all magnitudes, subnormal ones too. */
    private static float[] values(int rank, int length, int seed) {
        Random random = new Random(31L * seed + rank);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Math.scalb(random.nextFloat() - 0.5f, -random.nextInt(150));
        }
        return values;
    }

    private static void verify(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
