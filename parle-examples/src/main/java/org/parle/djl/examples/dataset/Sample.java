package org.parle.djl.examples.dataset;

import ai.djl.training.dataset.Dataset.Usage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A part of a data set, drawn at random: its first items may be of one class. The draw depends on
 * nothing but the half and its size, so all ranks, seeds, runs of a comparison and resumed runs see
 * the same items, and a smaller sample is a part of a larger one.
 */
final class Sample {

    /** No seed of the user's: runs that differ in their seed are compared on the same items. */
    private static final long KEY = 17_001;

    private Sample() {}

    /**
     * Draws items.
     *
     * @param usage which half of the set
     * @param count how many items that has
     * @param most how many are wanted, 0 for all
     * @return their numbers, sorted
     * @throws IllegalArgumentException if there are fewer
     */
    static List<Long> of(Usage usage, int count, int most) {
        if (most > count) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s %d: there are %d",
                            usage == Usage.TRAIN ? "--train-size" : "--test-size", most, count));
        }
        List<Long> all = new ArrayList<>(LongStream.range(0, count).boxed().toList());
        // Java says what its generator and its shuffle do, the same everywhere
        Collections.shuffle(all, new Random(KEY + usage.name().hashCode()));
        return all.stream().limit(most == 0 ? count : most).sorted().toList();
    }
}
