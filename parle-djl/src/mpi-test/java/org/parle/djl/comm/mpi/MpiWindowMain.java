package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.Replicas;
import org.parle.djl.comm.CallsContract;
import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorContract;
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
                case "messages" -> {
                    Communicator own = new MpiCommunicator(TIMEOUT);
                    verify(own.toString().endsWith("messages"), own.toString());
                    checkMean(own, manager, 1000, 1);
                    System.out.println("sent");
                }
                case "replicas" -> replicas();
                case "closed" -> closed();
                case "interrupted" -> interrupted(manager);
                case "lengths" -> lengths(manager, args);
                case "different" -> {
                    for (boolean broadcast : new boolean[] {true, false}) {
                        CommunicatorContract.checkDifferentLengths(
                                new MpiCommunicator(TIMEOUT), broadcast);
                    }
                    System.out.println("has refused");
                }
                case "numbers" -> {
                    Communicator own = new MpiCommunicator(TIMEOUT);
                    verify(own.toString().endsWith("shared memory"), own.toString());
                    CallsContract.checkDifferentNumbers(own);
                    System.out.println("has refused");
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

    /** More runs than lanes, with two replicas in each process. */
    private static void replicas() {
        for (int run = 0; run < 3; run++) {
            Replicas.run(4, replica -> replica.communicator().barrier().await());
            Communicator probe = new MpiCommunicator(TIMEOUT);
            verify(probe.toString().endsWith("shared memory"), "after run " + run + ": " + probe);
            probe.close();
        }
        System.out.println("got back");
    }

    /** Rank 0 closes everything before rank 1 comes. */
    private static void closed() {
        Communicator own = new MpiCommunicator(TIMEOUT);
        Communicator other = new MpiCommunicator(TIMEOUT);
        NDManager manager = NDManager.newBaseManager();
        // a result's memory is PyTorch's, and lasts as long as a handle; a created one's is Java's
        NDArray vector = manager.create(values(own.rank(), 3_000_000, 1)).duplicate();
        if (own.rank() == 0) {
            own.allReduceMean(vector);
            manager.close();
            own.close();
            other.barrier().await();
        } else {
            comeSecond(own, other, vector);
        }
    }

    /** Rank 0 is interrupted as it waits for rank 1. */
    private static void interrupted(NDManager manager) {
        Communicator own = new MpiCommunicator(TIMEOUT);
        Communicator other = new MpiCommunicator(TIMEOUT);
        NDArray vector = manager.create(values(own.rank(), 1000, 1));
        if (own.rank() == 0) {
            Pending<Void> pending = own.allReduceMean(vector);
            Thread.currentThread().interrupt();
            try {
                pending.await();
                throw new AssertionError("not interrupted");
            } catch (CommunicationException e) {
                verify(Thread.interrupted(), e.getMessage());
            }
            other.barrier().await();
        } else {
            comeSecond(own, other, vector);
        }
        other.barrier().await();
    }

    private static void comeSecond(Communicator own, Communicator other, NDArray vector) {
        other.barrier().await();
        own.allReduceMean(vector).await();
        check(own, vector, 1);
        System.out.println("rank 1 has the mean");
    }

    /** What is awaited is not what fails. */
    private static void lengths(NDManager manager, String... args) {
        Communicator own = new MpiCommunicator(TIMEOUT);
        int length = Integer.parseInt(args[1 + own.rank()]);
        own.allReduceMean(manager.create(new float[length]));
        own.allReduceMean(manager.create(new float[100])).await();
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
