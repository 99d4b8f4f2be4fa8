package org.parle.djl.data;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.util.Progress;

import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Handwritten digits that are drawn, not loaded: 28&times;28 grey images of 0 to 9, from strokes
 * with random slant, rotation, scale, thickness, place, wobble and noise.
 *
 * <p>It needs no files and no network and looks to a program like DJL's MNIST: data float32 of
 * shape (batch, 1, 28, 28) in [0, 1], ink is 1, and labels float32 of shape (batch). Every ten
 * items in a row are the ten digits in random order, so each digit comes equally often.
 *
 * <p>An image is a function of (seed, usage, index), the same bits on every machine; a larger set
 * begins with the smaller one. The images are drawn once, when the set is prepared, and held as one
 * array: 3 KiB an image. Safe for reading by several threads.
 *
 * <pre>{@code
 * SyntheticDigits train =
 *         SyntheticDigits.builder().optUsage(Dataset.Usage.TRAIN).setSampling(128, true).build();
 * }</pre>
 */
public final class SyntheticDigits extends ArrayDataset {

    private static final int CLASSES = 10;
    private static final int PIXELS = DigitPainter.SIDE * DigitPainter.SIDE;
    private static final int MAX_SIZE = (Integer.MAX_VALUE - 8) / PIXELS;

    private final NDManager manager;
    private final Usage usage;
    private final int size;
    private final long seed;

    private SyntheticDigits(Builder builder) {
        super(builder);
        usage = builder.usage;
        size = builder.size > 0 ? builder.size : 10_000;
        seed = builder.seed;
        manager =
                builder.manager == null
                        ? Engine.getInstance().newBaseManager()
                        : builder.manager.newSubManager();
        manager.setName("syntheticDigits");
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@inheritDoc} */
    @Override
    public synchronized void prepare(Progress progress) {
        if (data != null) {
            return;
        }
        if (progress != null) {
            progress.reset("Drawing digits", size);
        }
        float[] pixels = new float[size * PIXELS];
        float[] digits = new float[size];
        IntStream.range(0, size)
                .parallel()
                .forEach(
                        i -> {
                            digits[i] = digit(i);
                            RandomStream draws = new RandomStream(seed, usage.name().hashCode(), i);
                            DigitPainter.paint(draws, digit(i), pixels, i * PIXELS);
                        });
        Shape shape = new Shape(size, 1, DigitPainter.SIDE, DigitPainter.SIDE);
        labels = new NDArray[] {manager.create(digits)};
        data = new NDArray[] {manager.create(pixels, shape)};
        if (progress != null) {
            progress.end();
        }
    }

    private int digit(int index) {
        long ten = index / CLASSES;
        return new Permutation(CLASSES, RandomStream.key(seed, usage.name().hashCode(), -1 - ten))
                .at(index % CLASSES);
    }

    /** {@inheritDoc} */
    @Override
    protected long availableSize() {
        return size;
    }

    /** The builder of {@link SyntheticDigits}. */
    public static final class Builder extends BaseBuilder<Builder> {

        private NDManager manager;
        private Usage usage = Usage.TRAIN;
        private int size;
        private long seed;

        private Builder() {}

        /** {@inheritDoc} */
        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Sets the manager that the images' manager becomes a child of; default a base manager of
         * the engine, never closed.
         *
         * @param manager the manager
         * @return this builder
         */
        public Builder optManager(NDManager manager) {
            this.manager = Objects.requireNonNull(manager, "manager");
            return this;
        }

        /**
         * Sets the usage, each with images of its own; default {@code TRAIN}.
         *
         * @param usage the usage
         * @return this builder
         */
        public Builder optUsage(Usage usage) {
            this.usage = Objects.requireNonNull(usage, "usage");
            return this;
        }

        /**
         * Sets the number of images; default 10,000.
         *
         * @param size the number, 1 to 2,739,137
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1, or more than one array holds
         */
        public Builder optSize(int size) {
            if (size < 1 || size > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "The size must be from 1 to " + MAX_SIZE + ", got " + size);
            }
            this.size = size;
            return this;
        }

        /**
         * Sets the seed that the images depend on; default 0.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Builds the set; nothing is drawn yet.
         *
         * @return the set
         */
        public SyntheticDigits build() {
            return new SyntheticDigits(this);
        }
    }
}
