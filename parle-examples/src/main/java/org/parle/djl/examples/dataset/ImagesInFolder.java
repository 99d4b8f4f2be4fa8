package org.parle.djl.examples.dataset;

import ai.djl.basicdataset.cv.classification.ImageFolder;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Pipeline;
import ai.djl.translate.TranslateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images in a folder: {@code train} and {@code test}, each with a folder for each class. DJL's
 * {@code ImageFolder} lists and decodes them, once; then they are bytes in memory, of which batches
 * are made as of the other sets.
 */
public final class ImagesInFolder {

    private static final int CHANNELS = 3;

    private final Path folder;
    private final int side;

    /**
     * Creates it.
     *
     * @param folder with train and test
     * @param side height and width that images are scaled to
     */
    public ImagesInFolder(Path folder, int side) {
        this.folder = folder;
        this.side = side;
    }

    /** Returns the classes in the order of their numbers, the same in both halves. */
    public List<String> classes() throws IOException {
        List<String> train = classes("train");
        List<String> test = classes("test");
        if (!train.equals(test)) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s has other classes in test than in train: %s and %s",
                            folder, test, train));
        }
        return train;
    }

    private List<String> classes(String half) throws IOException {
        Path place = folder.resolve(half);
        if (!Files.isDirectory(place)) {
            throw new IllegalArgumentException(
                    "no folder "
                            + place
                            + ": --data-dir needs folders train and test, with a folder of images"
                            + " for each class in both");
        }
        try (Stream<Path> found = Files.list(place)) {
            return found.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    ArrayDataset load(Usage usage, int batchSize, int most, Pipeline pipeline, NDManager manager)
            throws IOException, TranslateException {
        classes();
        Path half = folder.resolve(usage == Usage.TRAIN ? "train" : "test");
        ImageFolder images =
                ImageFolder.builder()
                        .setRepositoryPath(half)
                        .optImageSize(side)
                        // else a class with more than one folder in it would be cut short
                        .optMaxDepth(8)
                        .setSampling(batchSize, false)
                        .build();
        images.prepare();
        int count = (int) images.size();
        int area = side * side * CHANNELS;
        if (count == 0 || count > (Integer.MAX_VALUE - 8) / area) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s has %d images; at --image-size %d there may be 1 to %d",
                            half, count, side, (Integer.MAX_VALUE - 8) / area));
        }
        byte[] pixels = new byte[count * area];
        float[] labels = new float[count];
        IntStream.range(0, count)
                .parallel()
                .forEach(i -> labels[i] = decode(images, manager, i, pixels, i * area));
        NDArray data =
                manager.create(
                        ByteBuffer.wrap(pixels),
                        new Shape(count, side, side, CHANNELS),
                        DataType.UINT8);
        return new ArrayDataset.Builder()
                .setData(data)
                .optLabels(manager.create(labels))
                .setSampling(batchSize, false)
                .optPipeline(pipeline)
                .optLimit(most == 0 ? Long.MAX_VALUE : most)
                .build();
    }

    /** Decodes an image into the bytes, and returns its class. */
    private static float decode(
            ImageFolder images, NDManager parent, int index, byte[] pixels, int start) {
        try (NDManager manager = parent.newSubManager()) {
            Record record = images.get(manager, index);
            NDList image = record.getData();
            byte[] bytes = image.head().toType(DataType.UINT8, false).toByteArray();
            System.arraycopy(bytes, 0, pixels, start, bytes.length);
            return record.getLabels().head().getLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
