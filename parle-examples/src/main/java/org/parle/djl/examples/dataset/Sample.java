package org.parle.djl.examples.dataset;

import ai.djl.training.dataset.Dataset.Usage;

import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

import java.util.List;
import java.util.stream.IntStream;

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
        Permutation order = new Permutation(count, RandomStream.key(KEY, usage.ordinal()));
        return IntStream.range(0, most == 0 ? count : most)
                .map(order::at)
                .sorted()
                .mapToObj(Long::valueOf)
                .toList();
    }
}
