package org.parle.djl.data;

import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

/** Cuts of one random order that all replicas share. */
final class DisjointSharding extends Sharding {

    private static final long DEAL = 2;

    private final boolean reshuffled;

    DisjointSharding(boolean reshuffled) {
        this.reshuffled = reshuffled;
    }

    @Override
    long total(int items, int size) {
        return items;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch) {
        int count = items.count();
        requireEnough(count, size);
        long key = reshuffled ? RandomStream.key(seed, DEAL, epoch) : RandomStream.key(seed, DEAL);
        return Part.of(
                new Permutation(count, key), cut(count, rank, size), cut(count, rank + 1, size));
    }

    @Override
    boolean changes() {
        return reshuffled;
    }

    @Override
    public String toString() {
        return reshuffled ? "reshuffled" : "disjoint";
    }
}
