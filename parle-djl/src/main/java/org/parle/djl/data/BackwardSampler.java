package org.parle.djl.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Samples a set from its last item to its first. Not forwards: DJL 0.35.1 reads ascending batches
 * of a set that {@code randomSplit} made from the wrong items.
 */
final class BackwardSampler implements Sampler {

    private static final int BATCH = 256;

    private final int count;

    BackwardSampler(int count) {
        this.count = count;
    }

    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
        return new Iterator<>() {
            private long left = count;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public List<Long> next() {
                if (left <= 0) {
                    throw new NoSuchElementException();
                }
                // one item alone would count as ascending
                long end = left <= BATCH + 1 ? 0 : left - BATCH;
                List<Long> indices = new ArrayList<>();
                while (left > end) {
                    indices.add(--left);
                }
                return indices;
            }
        };
    }

    @Override
    public int getBatchSize() {
        return BATCH;
    }
}
