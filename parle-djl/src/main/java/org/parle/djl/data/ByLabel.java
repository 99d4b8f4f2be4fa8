package org.parle.djl.data;

import java.util.Arrays;

/**
 * The items of a set, sorted by label and in the set's order within a label. Immutable; its arrays
 * are not to be written.
 */
final class ByLabel {

    private final int[] sorted;
    private final int[] starts;

    /**
     * Sorts items.
     *
     * @param labels the label of each item
     */
    ByLabel(double[] labels) {
        double[] values = Arrays.stream(labels).sorted().distinct().toArray();
        starts = new int[values.length + 1];
        int[] classes = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            classes[i] = Arrays.binarySearch(values, labels[i]);
            starts[classes[i] + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] next = starts.clone();
        sorted = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            sorted[next[classes[i]]++] = i;
        }
    }

    int[] sorted() {
        return sorted;
    }

    int classes() {
        return starts.length - 1;
    }

    int size(int label) {
        return starts[label + 1] - starts[label];
    }

    int item(int label, int i) {
        return sorted[starts[label] + i];
    }
}
