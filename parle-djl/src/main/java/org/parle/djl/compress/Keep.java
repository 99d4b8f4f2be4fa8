package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

/**
 * How many entries of a tensor are kept: k = &lfloor;keep d + 10&#8315;&#8313;&rfloor;, at least 1.
 */
final class Keep {

    private static final String NAME = "keep";

    private final double part;

    Keep(Options options) {
        part = options.number(NAME);
    }

    static Option option() {
        return Option.number(NAME, "the part of a tensor's entries that is kept")
                .above(0)
                .upTo(1)
                .byDefault(0.01);
    }

    /** Returns k. */
    int of(long d) {
        // a product like 0.29 * 100 lies just below the whole number that is meant
        return (int) Math.max(1, Math.min(d, (long) Math.floor(part * d + 1e-9)));
    }

    /** Returns what the kept entries are multiplied by. */
    static float scale(int k, int d, boolean biased) {
        return biased ? 1 : (float) ((double) d / k);
    }

    /** Returns how many bits an index takes: &lceil;log&#8322; d&rceil;. */
    static int indexBits(long d) {
        return Long.SIZE - Long.numberOfLeadingZeros(d - 1);
    }
}
