package org.parle.djl.compress;

/**
 * Draws by counting: the i-th of a sequence is a hash of the sequence's key and i.
 *
 * <p>The hash multiplies and folds the upper half into the lower, twice. Adding where others use
 * exclusive or, it needs only what an NDArray can do as well.
 */
final class SeededDraws implements Draws {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FACTOR = 0xD6E8FEB86659FD93L;

    private final long seed;

    SeededDraws(long seed) {
        this.seed = seed;
    }

    @Override
    public Sequence of(int sender, long step, int tensor) {
        long key = mix(mix(mix(mix(seed) + sender) + step) + tensor);
        return (from, draws, length) -> fill(key, from, draws, length);
    }

    private static void fill(long key, long from, double[] draws, int length) {
        for (int i = 0; i < length; i++) {
            // 53 bits, from -1/2 to 1/2, then moved
            draws[i] = (mix(key + (from + i) * GOLDEN) >> 11) * 0x1p-53 + 0.5;
        }
    }

    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z + (z >> 32)) * FACTOR;
        z = (z + (z >> 32)) * FACTOR;
        return z + (z >> 32);
    }
}
