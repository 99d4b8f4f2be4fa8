package org.parle.djl;

/** Turns a seed and what it is for into one well-mixed number. */
final class Seeds {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** Returns a function of all three that differs wherever one of them does. */
    static long mix(long seed, long rank, long step) {
        return mix(mix(mix(seed) + rank) + step);
    }

    /** SplitMix64's finalizer (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
