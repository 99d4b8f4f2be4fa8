package org.parle.djl.data;

import ai.djl.translate.TranslateException;

import java.io.IOException;

/** Cuts of the set sorted by label. */
final class SortedSharding extends Sharding {

    @Override
    long total(int items, int size) {
        return items;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch)
            throws IOException, TranslateException {
        int count = items.count();
        requireEnough(count, size);
        return Part.of(
                items.byLabel().sorted(), cut(count, rank, size), cut(count, rank + 1, size));
    }

    @Override
    public String toString() {
        return "sorted";
    }
}
