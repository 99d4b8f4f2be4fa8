package org.parle.djl.random;

/**
 * The mixing of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014), which all else here is made of.
 */
final class SplitMix {

    /** How far the state moves from one number to the next. */
    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private SplitMix() {}

    /** Returns the bits well mixed: the output function. */
    static long scramble(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns a number in [0, bound) from the upper half of the bits. */
    static int reduce(long bits, int bound) {
        return (int) (((bits >>> 32) * bound) >>> 32);
    }
}
