package org.parle.djl.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;

import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One epoch of a shard. The part is gone through again and again, each pass in another order; an
 * epoch is a stretch of that stream.
 */
final class EpochSampler implements Sampler {

    private static final long ORDER = 1;

    private final Part part;
    private final int batchSize;
    private final long start;
    private final long length;
    private final long key;

    /**
     * Creates a sampler.
     *
     * @param part the replica's items
     * @param batchSize the items of a batch, the last one or two may be smaller
     * @param start where in the stream the epoch begins
     * @param length how many items it has
     * @param keys what the orders of the passes depend on
     */
    EpochSampler(Part part, int batchSize, long start, long length, long... keys) {
        this.part = part;
        this.batchSize = batchSize;
        this.start = start;
        this.length = length;
        this.key = RandomStream.key(keys);
    }

    /**
     * Returns the size of the next batch. The last one is never a single item, which batch norm
     * cannot train on, unless all are: the two last ones share what is left.
     */
    static int nextSize(long left, int batchSize) {
        boolean shared = left == batchSize + 1L && batchSize > 2;
        return (int) (shared ? (left + 1) / 2 : Math.min(batchSize, left));
    }

    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
        return new Iterator<>() {
            private long taken;
            private long pass = -1;
            private Permutation order;

            @Override
            public boolean hasNext() {
                return taken < length;
            }

            @Override
            public List<Long> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int size = nextSize(length - taken, batchSize);
                List<Long> indices = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    indices.add((long) item(start + taken + i));
                }
                taken += size;
                return indices;
            }

            private int item(long position) {
                long now = position / part.size();
                if (now != pass) {
                    pass = now;
                    order = new Permutation(part.size(), RandomStream.key(key, ORDER, pass));
                }
                return part.item(order.at((int) (position % part.size())));
            }
        };
    }

    @Override
    public int getBatchSize() {
        return batchSize;
    }
}
