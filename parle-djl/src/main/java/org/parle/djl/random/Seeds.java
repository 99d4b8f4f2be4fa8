package org.parle.djl.random;

/** Turns a seed and what it is for into one well-mixed number. */
public final class Seeds {

    private Seeds() {}

    /**
     * Mixes numbers.
     *
     * @param values the seed, and what it is for, in this order
     * @return a number that differs wherever one of the values does
     */
    public static long mix(long... values) {
        long mixed = 0;
        for (long value : values) {
            mixed = SplitMix.scramble(mixed + value + SplitMix.GOLDEN);
        }
        return mixed;
    }
}
