package org.parle.djl.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.Replica;
import org.parle.djl.Replicas;
import org.parle.djl.comm.Communicator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * Median time of the library's all-reduce between the processes of an MPI job, for each length
 * given; the slowest rank's counts. {@code bench/allreduce.sh} runs it beside a C program.
 */
public final class MpiAllReduce {

    private static final int WARM_UP = Integer.getInteger("warmup", 5_000);

    private MpiAllReduce() {}

    /**
     * Measures and prints.
     *
     * @param args the number of repeats, and lengths in floats
     */
    public static void main(String[] args) {
        Replicas.run(Replicas.processes(), replica -> measure(replica, args));
    }

    private static void measure(Replica replica, String[] args) {
        Communicator communicator = replica.communicator();
        int repeats = Integer.parseInt(args[0]);
        try (NDManager manager = NDManager.newBaseManager(replica.devices()[0])) {
            for (int arg = 1; arg < args.length; arg++) {
                int length = Integer.parseInt(args[arg]);
                try (NDArray vector = manager.full(new Shape(length), 1f + replica.getRank())) {
                    double[] times = new double[repeats];
                    // compiled by then
                    for (int k = arg == 1 ? -WARM_UP : -repeats / 5; k < repeats; k++) {
                        communicator.barrier().await();
                        long begin = System.nanoTime();
                        communicator.allReduceMean(vector).await();
                        double slowest = slowest(communicator, System.nanoTime() - begin);
                        if (k >= 0) {
                            times[k] = slowest;
                        }
                    }
                    Arrays.sort(times);
                    if (replica.isFirst()) {
                        System.out.printf(Locale.ROOT, "%d %.6f%n", length, times[repeats / 2]);
                    }
                }
            }
        }
    }

    private static double slowest(Communicator communicator, long nanos) {
        ByteBuffer own = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long slowest = 0;
        for (ByteBuffer one : communicator.allGather(own.putLong(0, nanos)).await()) {
            slowest = Math.max(slowest, one.order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        }
        return slowest / 1e6;
    }
}
