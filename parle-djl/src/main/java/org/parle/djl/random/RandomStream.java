package org.parle.djl.random;

/**
 * A stream of random numbers that is a function of its keys alone, the same bits on every machine.
 *
 * <p>{@link SplitMix}, seeded with a hash of the keys. Neither the engine's generator nor DJL's is
 * touched. Not thread-safe.
 */
public final class RandomStream {

    private long state;

    /**
     * Starts a stream.
     *
     * @param keys what the stream depends on, in this order
     */
    public RandomStream(long... keys) {
        state = key(keys);
    }

    /**
     * Returns a hash of the values, in their order.
     *
     * @param values what the hash depends on
     * @return a well-mixed number
     */
    public static long key(long... values) {
        long hash = SplitMix.GOLDEN;
        for (long value : values) {
            hash = SplitMix.scramble(hash * 31 + SplitMix.scramble(value + SplitMix.GOLDEN));
        }
        return hash;
    }

    long next() {
        state += SplitMix.GOLDEN;
        return SplitMix.scramble(state);
    }

    /**
     * Returns a whole number.
     *
     * @param bound above all that may come, at least 1
     * @return a number in [0, bound)
     */
    public int below(int bound) {
        return SplitMix.reduce(next(), bound);
    }

    /**
     * Returns a number between 0 and 1.
     *
     * @return a number in (0, 1): never an end, so that its logarithm is finite
     */
    public double uniform() {
        return ((next() >>> 12) + 0.5) * 0x1p-52;
    }

    /**
     * Returns a number between two others.
     *
     * @param low the one end
     * @param high the other
     * @return a number of that range, uniformly
     */
    public double between(double low, double high) {
        return low + (high - low) * uniform();
    }

    /**
     * Returns a number of the standard normal distribution (Box and Muller).
     *
     * @return a number of mean 0 and variance 1
     */
    public double normal() {
        // StrictMath: replicas on different processors must draw the same bits
        double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform()));
        return radius * StrictMath.cos(2 * Math.PI * uniform());
    }

    /**
     * Returns a number that is nearly standard normal, within &plusmn;3.5, from one draw: the sum
     * of four 16-bit numbers.
     *
     * @return a number of mean 0 and variance 1
     */
    public double roughlyNormal() {
        long bits = next();
        long sum =
                (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum - 2 * 0xFFFF) * (1.7320508075688772 / 0x10000);
    }
}
