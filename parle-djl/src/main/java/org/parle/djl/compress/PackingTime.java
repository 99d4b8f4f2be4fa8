package org.parle.djl.compress;

/** How long the current thread has packed and unpacked messages so far. */
public final class PackingTime {

    private static final ThreadLocal<long[]> NANOS = ThreadLocal.withInitial(() -> new long[1]);

    private PackingTime() {}

    /**
     * Returns the sum over all codecs.
     *
     * @return nanoseconds
     */
    public static long nanos() {
        return NANOS.get()[0];
    }

    static void since(long begin) {
        NANOS.get()[0] += System.nanoTime() - begin;
    }
}
