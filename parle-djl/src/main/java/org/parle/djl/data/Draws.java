package org.parle.djl.data;

/**
 * A stream of random numbers that is a function of its keys alone, the same bits on every machine.
 *
 * <p>SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014), seeded with a hash of the keys. Neither the engine's generator nor
 * DJL's is touched. Not thread-safe.
 */
final class Draws {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    /**
     * Starts a stream.
     *
     * @param keys what the stream depends on, in this order
     */
    Draws(long... keys) {
        state = key(keys);
    }

    /** Returns a hash of the values, in their order. */
    static long key(long... values) {
        long hash = GOLDEN;
        for (long value : values) {
            hash = scramble(hash * 31 + scramble(value + GOLDEN));
        }
        return hash;
    }

    /** Returns the bits well mixed: the output function of SplitMix64. */
    static long scramble(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns a number in [0, bound) from the upper half of the bits. */
    static int reduce(long bits, int bound) {
        return (int) (((bits >>> 32) * bound) >>> 32);
    }

    long next() {
        state += GOLDEN;
        return scramble(state);
    }

    /** Returns a number in [0, bound). */
    int below(int bound) {
        return reduce(next(), bound);
    }

    /** Returns a number in (0, 1): never an end, so that its logarithm is finite. */
    double uniform() {
        return ((next() >>> 12) + 0.5) * 0x1p-52;
    }

    /** Returns a number between the two. */
    double between(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Returns a number of the standard normal distribution (Box and Muller). */
    double normal() {
        // StrictMath: replicas on different processors must draw the same bits
        double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform()));
        return radius * StrictMath.cos(2 * Math.PI * uniform());
    }

    /**
     * Returns a number that is nearly standard normal, within &plusmn;3.5, from one draw: the sum
     * of four 16-bit numbers.
     */
    double roughlyNormal() {
        long bits = next();
        long sum =
                (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum - 2 * 0xFFFF) * (1.7320508075688772 / 0x10000);
    }
}
