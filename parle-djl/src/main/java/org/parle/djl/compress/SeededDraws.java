package org.parle.djl.compress;

import org.parle.djl.random.Seeds;

/**
 * Draws by counting: the i-th of a sequence is a function of the sequence's key and i, 32 bits
 * each.
 *
 * <p>B. Widynski's "Squares: a fast counter-based RNG" (arXiv 2004.06278), in four rounds. It takes
 * only products and sums of whole numbers, which an NDArray has as well.
 */
final class SeededDraws implements Draws {

    private final long seed;

    SeededDraws(long seed) {
        this.seed = seed;
    }

    @Override
    public Sequence of(int sender, long step, int tensor) {
        // odd, or products would lose bits
        long key = Seeds.mix(seed, sender, step, tensor) | 1;
        return new Keyed(key);
    }

    /** A sequence that is a function of a key. */
    record Keyed(long key) implements Sequence {

        @Override
        public void fill(long from, double[] draws, int length) {
            for (int i = 0; i < length; i++) {
                long y = (from + i) * key;
                long z = y + key;
                long x = Long.rotateLeft(y * y + y, 32);
                x = Long.rotateLeft(x * x + z, 32);
                x = Long.rotateLeft(x * x + y, 32);
                draws[i] = ((x * x + z) >>> 32) * 0x1p-32;
            }
        }
    }
}
