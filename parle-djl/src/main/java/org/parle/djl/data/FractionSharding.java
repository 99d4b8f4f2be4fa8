package org.parle.djl.data;

import org.parle.djl.option.Counted;
import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

/** The beginning of a random order of each replica's own. */
final class FractionSharding extends Sharding {

    private static final long DEAL = 3;

    private final double fraction;

    FractionSharding(double fraction) {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException(
                    "The fraction must be greater than 0 and at most 1, got " + fraction);
        }
        this.fraction = fraction;
    }

    @Override
    long total(int items, int size) {
        return (long) own(items) * size;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch) {
        int own = own(items.count());
        if (own == 0) {
            throw new IllegalArgumentException(
                    "the sharding "
                            + this
                            + " leaves nothing of "
                            + Counted.of(items.count(), "item"));
        }
        return Part.of(new Permutation(items.count(), RandomStream.key(seed, DEAL, rank)), 0, own);
    }

    private int own(int items) {
        return (int) Math.round(fraction * items);
    }

    @Override
    public String toString() {
        return "fraction=" + fraction;
    }
}
