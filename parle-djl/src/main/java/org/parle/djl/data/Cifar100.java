package org.parle.djl.data;

import ai.djl.engine.Engine;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.translate.Pipeline;
import ai.djl.util.Progress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * CIFAR-100 (A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009), as DJL
 * has CIFAR-10: images of 3&times;32&times;32 in 100 classes, which are 20 coarse ones of five
 * each. DJL has no class for it.
 *
 * <p>Reads {@code train.bin} (50,000 records) or {@code test.bin} (10,000) of the archive {@code
 * cifar-100-binary.tar.gz}, unpacked: records of 3,074 bytes, the coarse label, the fine one, then
 * the red, the green and the blue pixels, row by row. A file may have any whole number of records.
 *
 * <p>Batches are float32 of shape (batch, 3, 32, 32) in [0, 1], with the default pipeline ({@code
 * ToTensor}), and labels float32. The images are held as bytes, in the layout that {@code ToTensor}
 * takes, 3 KiB an image. Safe for reading by several threads.
 */
public final class Cifar100 extends ArrayDataset {

    private static final int SIDE = 32;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CHANNELS = 3;
    private static final int RECORD = 2 + CHANNELS * PIXELS;

    private final NDManager manager;
    private final Path file;
    private final boolean coarse;

    private Cifar100(Builder builder) {
        super(builder);
        if (builder.folder == null) {
            throw new IllegalStateException(
                    "CIFAR-100 needs a folder with train.bin and test.bin: call setFolder");
        }
        file = builder.folder.resolve(builder.usage == Usage.TRAIN ? "train.bin" : "test.bin");
        coarse = builder.coarse;
        manager =
                builder.manager == null
                        ? Engine.getInstance().newBaseManager()
                        : builder.manager.newSubManager();
        manager.setName("cifar100");
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
    public synchronized void prepare(Progress progress) throws IOException {
        if (data != null) {
            return;
        }
        byte[] records = Files.readAllBytes(file);
        if (records.length == 0 || records.length % RECORD != 0) {
            throw new IOException(
                    file
                            + " is not CIFAR-100: its "
                            + records.length
                            + " bytes are not records of "
                            + RECORD);
        }
        int count = records.length / RECORD;
        byte[] images = new byte[count * CHANNELS * PIXELS];
        float[] classes = new float[count];
        for (int i = 0; i < count; i++) {
            int start = i * RECORD;
            classes[i] = label(records[start], records[start + 1], i);
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    images[(i * PIXELS + pixel) * CHANNELS + channel] =
                            records[start + 2 + channel * PIXELS + pixel];
                }
            }
        }
        Shape shape = new Shape(count, SIDE, SIDE, CHANNELS);
        labels = new NDArray[] {manager.create(classes)};
        data = new NDArray[] {manager.create(ByteBuffer.wrap(images), shape, DataType.UINT8)};
    }

    private int label(byte coarseLabel, byte fineLabel, int record) throws IOException {
        // unsigned: what is above 127 is damaged, too
        int coarseClass = coarseLabel & 0xFF;
        int fineClass = fineLabel & 0xFF;
        if (coarseClass >= 20 || fineClass >= 100) {
            throw new IOException(
                    file
                            + " is not CIFAR-100: record "
                            + record
                            + " has the labels "
                            + coarseClass
                            + " and "
                            + fineClass
                            + ", which go to 19 and 99");
        }
        return coarse ? coarseClass : fineClass;
    }

    /** The builder of {@link Cifar100}. */
    public static final class Builder extends BaseBuilder<Builder> {

        private Path folder;
        private NDManager manager;
        private Usage usage = Usage.TRAIN;
        private boolean coarse;

        private Builder() {
            pipeline = new Pipeline(new ToTensor());
        }

        /** {@inheritDoc} */
        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Sets where the files are.
         *
         * @param folder the folder with train.bin and test.bin
         * @return this builder
         */
        public Builder setFolder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
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
         * Sets the usage; default {@code TRAIN}.
         *
         * @param usage TRAIN or TEST
         * @return this builder
         * @throws IllegalArgumentException if it is VALIDATION, which CIFAR-100 does not have
         */
        public Builder optUsage(Usage usage) {
            if (usage == Usage.VALIDATION) {
                throw new IllegalArgumentException("CIFAR-100 has TRAIN and TEST, not VALIDATION");
            }
            this.usage = Objects.requireNonNull(usage, "usage");
            return this;
        }

        /**
         * Takes the 20 coarse labels; default the 100 fine ones.
         *
         * @param coarse whether to
         * @return this builder
         */
        public Builder optCoarse(boolean coarse) {
            this.coarse = coarse;
            return this;
        }

        /**
         * Builds the set; nothing is read yet.
         *
         * @return the set
         * @throws IllegalStateException if the folder is missing
         */
        public Cifar100 build() {
            return new Cifar100(this);
        }
    }
}
