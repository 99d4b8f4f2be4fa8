package org.parle.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;

import org.parle.djl.random.RandomStream;

import java.util.Iterator;

/** The batches of a set, with the progress of a shard. */
final class ShardBatches implements Iterator<Batch> {

    private static final long AUGMENTATION = 2;

    private final Iterator<Batch> batches;
    private final long before;
    private final long progressTotal;
    private final Augmentation augmentation;
    private final long key;
    private int taken;

    /**
     * Creates the batches of an epoch, or of the rest of one.
     *
     * @param batches of the set
     * @param before how many items of the epoch were taken before
     * @param taken in how many batches that was
     * @param progressTotal the items of the whole epoch
     * @param augmentation what is done to the images
     * @param keys what its draws depend on, besides the batch
     */
    ShardBatches(
            Iterator<Batch> batches,
            long before,
            int taken,
            long progressTotal,
            Augmentation augmentation,
            long... keys) {
        this.batches = batches;
        this.before = before;
        this.taken = taken;
        this.progressTotal = progressTotal;
        this.augmentation = augmentation;
        this.key = RandomStream.key(keys);
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
        if (!augmentation.isNone()) {
            batch = augmented(batch, new RandomStream(key, AUGMENTATION, taken));
        }
        taken++;
        return new ShardBatch(batch, before, progressTotal);
    }

    private Batch augmented(Batch batch, RandomStream draws) {
        NDArray images = batch.getData().singletonOrThrow();
        NDList data = new NDList(augmentation.of(images, draws));
        images.close();
        return new Batch(
                batch.getManager(),
                data,
                batch.getLabels(),
                batch.getSize(),
                // images of one batch have one shape: they were stacked
                Batchifier.STACK,
                Batchifier.STACK,
                batch.getProgress(),
                batch.getProgressTotal(),
                batch.getIndices());
    }
}
