package org.parle.djl.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import org.parle.djl.option.Counted;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

/** Which items one replica sees in which epoch, and in which order. Immutable. */
final class ShardPlan {

    private final RandomAccessDataset set;
    private final Sharding sharding;
    private final Augmentation augmentation;
    private final Items items;
    private final int rank;
    private final int size;
    private final long seed;
    private final int batchSize;
    private final int steps;
    private final Part fixedPart;

    /** Makes a plan; a batch size of 0 is the set's own. */
    ShardPlan(
            RandomAccessDataset set,
            Sharding sharding,
            Augmentation augmentation,
            int rank,
            int size,
            long seed,
            int batchSize)
            throws IOException, TranslateException {
        this.set = Objects.requireNonNull(set, "A shard needs a data set: call setDataset");
        if (size == 0) {
            throw new IllegalStateException("A shard needs to know whose it is: call setReplica");
        }
        this.sharding = sharding;
        this.augmentation = augmentation;
        this.rank = rank;
        this.size = size;
        this.seed = seed;
        this.batchSize = batchSize > 0 ? batchSize : BatchSizes.of(set);
        items = Items.of(set);
        fixedPart = sharding.part(items, rank, size, seed, 0);
        long perStep = (long) size * this.batchSize;
        steps = Math.toIntExact((sharding.total(items.count(), size) + perStep - 1) / perStep);
    }

    RandomAccessDataset set() {
        return set;
    }

    /** Returns the batches of an epoch. */
    int steps() {
        return steps;
    }

    Part part(long epoch) {
        if (!sharding.changes()) {
            return fixedPart;
        }
        try {
            return sharding.part(items, rank, size, seed, epoch);
        } catch (IOException | TranslateException e) {
            throw new IllegalStateException("The parts of a new epoch could not be dealt", e);
        }
    }

    /** Returns the batches of an epoch after those that were taken. */
    ShardBatches batches(NDManager manager, ExecutorService executor, long epoch, int taken)
            throws IOException, TranslateException {
        Part part = part(epoch);
        boolean once = (part.size() + batchSize - 1L) / batchSize == steps && !endsWithOne(part);
        long length = once ? part.size() : (long) steps * batchSize;
        // a part that is left or used up at the end of an epoch starts the next one afresh
        boolean afresh = once || sharding.changes();
        long start = afresh ? 0 : epoch * length;
        long before = 0;
        for (int i = 0; i < taken; i++) {
            before += EpochSampler.nextSize(length - before, batchSize);
        }
        EpochSampler sampler =
                new EpochSampler(
                        part,
                        batchSize,
                        start + before,
                        length - before,
                        seed,
                        rank,
                        afresh ? epoch : -1);
        return new ShardBatches(
                set.getData(manager, sampler, executor).iterator(),
                before,
                taken,
                length,
                augmentation,
                seed,
                rank,
                epoch);
    }

    /** Says whether a part cannot be cut without a batch of one item, which batch norm refuses. */
    private boolean endsWithOne(Part part) {
        boolean one = part.size() == 1 || (batchSize == 2 && part.size() % 2 == 1);
        return batchSize > 1 && one;
    }

    /** Returns what must be equal on all replicas. */
    Map<String, String> terms() {
        Map<String, String> terms = new LinkedHashMap<>();
        terms.put("sharding", sharding.toString());
        terms.put("items", String.valueOf(total()));
        terms.put("batches", String.valueOf(steps));
        terms.put("batch size", String.valueOf(batchSize));
        terms.put(ShardTerms.SEED, String.valueOf(seed));
        terms.put("augmentation", augmentation.toString());
        terms.put("transforms", Preparation.of(set));
        return terms;
    }

    private long total() {
        return sharding.isOwn() ? sharding.total(items.count(), size) : items.count();
    }

    /** Returns what checkpoints have of it, be it one item or one batch. */
    String saved() {
        return text(total() + " items", steps + " batches");
    }

    @Override
    public String toString() {
        return text(Counted.of(total(), "item"), Counted.of(steps, "batch"));
    }

    private String text(String allItems, String batches) {
        return sharding
                + " of "
                + allItems
                + ", "
                + batches
                + " of "
                + batchSize
                + ", seed "
                + seed
                + (augmentation.isNone() ? "" : ", augmented with " + augmentation);
    }
}
