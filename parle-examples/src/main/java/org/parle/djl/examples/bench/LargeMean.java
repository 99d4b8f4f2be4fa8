package org.parle.djl.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.Replica;
import org.parle.djl.Replicas;
import org.parle.djl.comm.Communicator;
import org.parle.djl.compress.Compressors;
import org.parle.djl.compress.Draws;
import org.parle.djl.compress.MessageCodec;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

/**
 * The mean, the broadcast and the compressed mean of two replicas' vectors that no buffer of Java's
 * could hold: every entry is looked at. On threads, or between the processes of an MPI job. {@code
 * bench/large.sh} runs it.
 */
public final class LargeMean {

    private final Communicator communicator;
    private final NDManager manager;
    private final long length;
    private final long[] places;

    private LargeMean(Communicator communicator, NDManager manager, long length) {
        this.communicator = communicator;
        this.manager = manager;
        this.length = length;
        // ends, the middle, and where the bytes pass 2^31
        places = new long[] {0, length / 2, Math.min(length - 1, 1L << 29), length - 1};
    }

    /**
     * Does all three.
     *
     * @param args the length in floats
     */
    public static void main(String[] args) {
        long length = Long.parseLong(args[0]);
        Replicas.run(Math.max(2, Replicas.processes()), replica -> run(replica, length));
    }

    private static void run(Replica replica, long length) {
        try (NDManager manager = NDManager.newBaseManager(replica.devices()[0])) {
            LargeMean all = new LargeMean(replica.communicator(), manager, length);
            all.say("mean", all.mean());
            all.say("broadcast", all.broadcast());
            all.say("mean of signs", all.compressedMean());
        }
    }

    /** One value everywhere, and its negative at some places. */
    private NDArray vector(float value) {
        NDArray vector = manager.full(new Shape(length), value);
        mark(vector, -value);
        return vector;
    }

    private void mark(NDArray vector, float value) {
        for (long place : places) {
            vector.set(new NDIndex().addSliceDim(place, place + 1), value);
        }
    }

    private double mean() {
        try (NDArray vector = vector(communicator.rank() + 1)) {
            long begin = begin();
            communicator.allReduceMean(vector).await();
            double seconds = (System.nanoTime() - begin) / 1e9;
            check(vector, 1.5f);
            return seconds;
        }
    }

    private double broadcast() {
        try (NDArray vector = vector(communicator.rank() + 1)) {
            long begin = begin();
            communicator.broadcast(vector, 1).await();
            double seconds = (System.nanoTime() - begin) / 1e9;
            check(vector, 2);
            return seconds;
        }
    }

    private double compressedMean() {
        try (NDArray vector = vector(2 * communicator.rank() + 1);
                NDArray mean = manager.zeros(new Shape(length));
                MessageCodec codec =
                        new MessageCodec(
                                Compressors.named("sign", Map.of()),
                                MessageCodec.parts(length),
                                Draws.seeded(1))) {
            long begin = begin();
            ByteBuffer own = codec.compress(vector, communicator.rank(), 1);
            ByteBuffer[] all = communicator.allGather(own).await();
            for (int rank = 0; rank < all.length; rank++) {
                codec.add(all[rank], rank, 1, 1.0 / all.length, mean);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            check(mean, 2);
            return seconds;
        }
    }

    private long begin() {
        communicator.barrier().await();
        return System.nanoTime();
    }

    private void check(NDArray vector, float value) {
        mark(vector, requireMarked(vector, -value));
        try (NDArray wrong = vector.neq(value);
                NDArray count = wrong.countNonzero()) {
            if (count.getLong() != 0) {
                throw new IllegalStateException(count.getLong() + " entries are wrong");
            }
        }
    }

    private float requireMarked(NDArray vector, float value) {
        for (long place : places) {
            try (NDArray entry = vector.get(place)) {
                if (entry.getFloat() != value) {
                    throw new IllegalStateException(entry.getFloat() + " at " + place);
                }
            }
        }
        return -value;
    }

    private void say(String what, double seconds) {
        if (communicator.rank() == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "%s of %,d floats took %.2f s and is right%n",
                    what,
                    length,
                    seconds);
        }
    }
}
