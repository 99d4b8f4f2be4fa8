package org.parle.djl.data;

import ai.djl.training.dataset.Batch;

import java.util.Iterator;

/** The batches of a set, with the progress of a shard. */
final class ShardBatches implements Iterator<Batch> {

    private final Iterator<Batch> batches;
    private final long before;
    private final long progressTotal;
    private int taken;

    /**
     * Creates the batches of an epoch, or of the rest of one.
     *
     * @param batches of the set
     * @param before how many items of the epoch were taken before
     * @param taken in how many batches that was
     * @param progressTotal the items of the whole epoch
     */
    ShardBatches(Iterator<Batch> batches, long before, int taken, long progressTotal) {
        this.batches = batches;
        this.before = before;
        this.taken = taken;
        this.progressTotal = progressTotal;
    }

    /** Returns how many batches of the epoch were taken. */
    int taken() {
        return taken;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Batch next() {
        Batch batch = batches.next();
        taken++;
        return new ShardBatch(batch, before, progressTotal);
    }
}
