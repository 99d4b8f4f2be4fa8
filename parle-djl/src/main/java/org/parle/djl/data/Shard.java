package org.parle.djl.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorOptions;
import ai.djl.util.Progress;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

/**
 * What one replica sees of a data set: its part, in an order of its own.
 *
 * <p>Every call of {@code getData} is the next epoch. Part and order are a function of (seed, rank,
 * epoch), not of DJL's or the engine's draws; batches, transforms, prefetching are the set's own.
 *
 * <p><b>Epochs.</b> On each of n replicas an epoch is &lceil;S / (n&middot;b)&rceil; batches, S the
 * items of all parts together and b the batch size, so all take the same number of steps. A part
 * that fills just so many batches is gone through once, and its last batch may be smaller. One item
 * is never left alone, since batch norm cannot train on it: 257 are batches of 128, 65 and 64. A
 * part of another size gives full batches, as do one item and an odd number by twos: one that is
 * too small begins again in a new order, one that is too large goes on in the next epoch.
 *
 * <p><b>Batch size.</b> The one the set was built with ({@code setSampling(128, true)}), or {@code
 * optBatchSize}. Nothing else of the set's sampler is used, neither its order nor its wish to drop
 * the last batch.
 *
 * <p><b>Memory.</b> A few hundred bytes: orders are computed, not stored. By label: 4 bytes an item
 * of the set for all of its shards in the JVM, and with {@code dirichlet} 4 bytes an item of the
 * part.
 *
 * <p><b>Threads.</b> A shard belongs to its replica, one thread at a time. Shards of one set may be
 * made and read on many threads at once if the set can be read so, as {@code ArrayDataset} and thus
 * MNIST can.
 */
public final class Shard implements Dataset {

    final ShardCourse course;

    private Shard(ShardPlan plan) {
        course = new ShardCourse(plan);
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the number of batches of an epoch, the same on all replicas.
     *
     * @return the number of batches, at least 1
     */
    public int stepsPerEpoch() {
        return course.plan().steps();
    }

    /**
     * Returns the number of items of this replica's part in the next epoch.
     *
     * @return the number of items, at least 1
     */
    public int size() {
        return course.plan().part(course.epoch()).size();
    }

    /**
     * Returns the epoch that the next {@code getData} gives, counted from 0.
     *
     * @return the epoch
     */
    public long epoch() {
        return course.epoch();
    }

    /**
     * Sets the epoch that the next {@code getData} gives, to resume a run.
     *
     * @param epoch the epoch, from 0
     * @throws IllegalArgumentException if it is negative
     */
    public void setEpoch(long epoch) {
        course.setEpoch(epoch);
    }

    /**
     * Returns where the next batch comes from: after the newest that was taken.
     *
     * @return the epoch, and how many of its batches were taken, less than {@link #stepsPerEpoch}
     */
    public ShardPosition position() {
        return course.position();
    }

    /**
     * Goes to a position, to resume a run: the next {@code getData} gives the rest of that epoch.
     *
     * @param position where {@link #position} was
     * @throws IllegalArgumentException if an epoch has fewer batches
     */
    public void setPosition(ShardPosition position) {
        course.setPosition(position);
    }

    @Override
    public Iterable<Batch> getData(NDManager manager) throws IOException, TranslateException {
        return getData(manager, null);
    }

    @Override
    public Iterable<Batch> getData(NDManager manager, ExecutorService executorService)
            throws IOException, TranslateException {
        ShardBatches batches = course.next(manager, executorService);
        return () -> batches;
    }

    /** Does nothing: the set was prepared when the shard was built. */
    @Override
    public void prepare(Progress progress) {}

    /**
     * Describes the shard, alike on all replicas.
     *
     * @return for example {@code full of 60000 items, 469 batches of 128, seed 1}
     */
    @Override
    public String toString() {
        return course.plan().toString();
    }

    @Override
    public TranslatorOptions matchingTranslatorOptions() {
        return course.plan().set().matchingTranslatorOptions();
    }

    /** The builder of {@link Shard}. */
    public static final class Builder {

        private RandomAccessDataset set;
        private Sharding sharding = Sharding.full();
        private Augmentation augmentation = Augmentation.none();
        private int rank;
        private int size;
        private long seed;
        private int batchSize;

        private Builder() {}

        /**
         * Sets the data set, the same on all replicas unless the sharding is {@code own}.
         *
         * @param set the set
         * @return this builder
         */
        public Builder setDataset(RandomAccessDataset set) {
            this.set = Objects.requireNonNull(set, "set");
            return this;
        }

        /**
         * Sets whose shard it is.
         *
         * @param rank the number of the replica, from 0
         * @param size how many replicas there are
         * @return this builder
         * @throws IllegalArgumentException unless 0 &le; rank &lt; size
         */
        public Builder setReplica(int rank, int size) {
            if (rank < 0 || rank >= size) {
                throw new IllegalArgumentException(
                        "The rank must be from 0 to size - 1, got " + rank + " of " + size);
            }
            this.rank = rank;
            this.size = size;
            return this;
        }

        /**
         * Sets how the items are dealt out; default {@link Sharding#full()}.
         *
         * @param sharding the sharding, the same on all replicas
         * @return this builder
         */
        public Builder optSharding(Sharding sharding) {
            this.sharding = Objects.requireNonNull(sharding, "sharding");
            return this;
        }

        /**
         * Sets what is done to the images of each batch; default {@link Augmentation#none()}.
         *
         * @param augmentation crop and flip; it draws by (seed, rank, epoch, batch)
         * @return this builder
         */
        public Builder optAugmentation(Augmentation augmentation) {
            this.augmentation = Objects.requireNonNull(augmentation, "augmentation");
            return this;
        }

        /**
         * Sets the seed, the same on all replicas; default 0.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets the batch size; default the one the set was built with.
         *
         * @param batchSize the items of a batch, the same on all replicas
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder optBatchSize(int batchSize) {
            if (batchSize < 1) {
                throw new IllegalArgumentException(
                        "The batch size must be at least 1, got " + batchSize);
            }
            this.batchSize = batchSize;
            return this;
        }

        /**
         * Prepares the set, if nobody has yet, and builds the shard.
         *
         * @return the shard
         * @throws IOException if the set cannot be read
         * @throws TranslateException if a transform of the set fails
         * @throws IllegalArgumentException if a replica would have no items, or the set no batch
         *     size or no fitting labels
         * @throws IllegalStateException if the replica is missing, or the batch size cannot be read
         */
        public Shard build() throws IOException, TranslateException {
            return new Shard(
                    new ShardPlan(set, sharding, augmentation, rank, size, seed, batchSize));
        }
    }
}
