package org.parle.djl.data;

import ai.djl.training.dataset.Batch;

import java.util.Iterator;

/** The batches of a set, with the progress of a shard. */
final class ShardBatches implements Iterator<Batch> {

    private final Iterator<Batch> batches;
    private final long progressTotal;

    ShardBatches(Iterator<Batch> batches, long progressTotal) {
        this.batches = batches;
        this.progressTotal = progressTotal;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Batch next() {
        return new ShardBatch(batches.next(), progressTotal);
    }
}
