package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Does several operations on vectors in one pass over memory. A vector that leaves the cache
 * between two operations costs more than they do; so long vectors in main memory are taken in
 * pieces that stay in a core's nearest cache, and nothing of the vectors' length is made on the
 * way. Which way is taken depends on the length, the device, and whether the one vector given is
 * contiguous, since a root's last bit may be another one.
 *
 * <p>Nothing is kept from one call to the next, so that vectors may be replaced in between.
 * Stateless; gradient mode must be off.
 */
public final class Pieces {

    /** Up to here vectors stay in a core's cache, and whole ones are fastest. */
    private static final long SHORT = 1_500_000;

    /** The most entries that are computed with at once where they are no pieces in the cache. */
    private static final long WINDOW = 1L << 24;

    private Pieces() {}

    /**
     * Does something with all entries of vectors, each entry by itself.
     *
     * @param vector one of the vectors, the one that was not made by this library if there is one
     * @param work what is done, once or more often, at other entries each time, perhaps on several
     *     threads
     */
    public static void each(NDArray vector, Consumer<Pass> work) {
        long size = vector.size();
        if (size > SHORT && MainMemory.isOpen(vector)) {
            inCache(size, work);
        } else {
            for (long from = 0; from < size; from += WINDOW) {
                try (ArrayPass pass = new ArrayPass(from, Math.min(size, from + WINDOW))) {
                    work.accept(pass);
                }
            }
        }
    }

    /** As many parts beside one another as PyTorch would make, or as buffers are needed. */
    private static void inCache(long size, Consumer<Pass> work) {
        long parts = Math.max(JniUtils.getNumThreads(), 1 + (size - 1) / MainMemory.LONGEST);
        LongStream.range(0, parts)
                .parallel()
                .forEach(
                        i -> {
                            HostPass pass = new HostPass(size * i / parts, size * (i + 1) / parts);
                            GradientMode.off(() -> pass.run(work));
                        });
    }
}
