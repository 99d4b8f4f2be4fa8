package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.training.dataset.Batch;

/** A batch with the progress of its shard in place of that of the whole set. */
final class ShardBatch extends Batch {

    private final Batch batch;
    private final long before;

    ShardBatch(Batch batch, long before, long progressTotal) {
        super(
                batch.getManager(),
                batch.getData(),
                batch.getLabels(),
                batch.getSize(),
                null,
                null,
                before + batch.getProgress(),
                progressTotal,
                batch.getIndices());
        this.batch = batch;
        this.before = before;
    }

    /** Splits as the set's own batch does: only that one knows the set's batchifiers. */
    @Override
    public Batch[] split(Device[] devices, boolean evenSplit) {
        Batch[] split = batch.split(devices, evenSplit);
        for (int i = 0; i < split.length; i++) {
            split[i] = new ShardBatch(split[i], before, getProgressTotal());
        }
        return split;
    }
}
