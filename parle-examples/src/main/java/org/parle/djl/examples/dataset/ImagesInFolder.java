package org.parle.djl.examples.dataset;

import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.translate.Pipeline;

import org.parle.djl.option.Counted;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

/**
 * Images in a folder: {@code train} and {@code test}, each with a folder for each class. They are
 * decoded once; then they are bytes in memory, of which batches are made as of the other sets.
 */
public final class ImagesInFolder {

    private static final int CHANNELS = 3;

    static {
        // images are in memory already
        ImageIO.setUseCache(false);
    }

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

    /**
     * Returns the classes in the order of their numbers, the same in both halves.
     *
     * @throws IllegalArgumentException if the halves differ, or there are not two classes
     */
    public List<Path> classes() throws IOException {
        List<Path> train = FolderListing.classes(half("train"));
        List<Path> test = FolderListing.classes(half("test"));
        List<String> wrong = new ArrayList<>();
        addMissing(wrong, "test", train, test);
        addMissing(wrong, "train", test, train);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(folder + ": " + String.join("; ", wrong));
        }
        if (train.size() < 2) {
            throw new IllegalArgumentException(
                    half("train")
                            + (train.isEmpty()
                                    ? " has no class"
                                    : " has one class, " + train.get(0))
                            + ": there is nothing to tell apart without two folders of images");
        }
        return train;
    }

    /** Returns how many classes there are, and a sum of their names. */
    public String identity() throws IOException {
        List<Path> classes = classes();
        // the bytes of a name, whatever the locale makes of them
        String names =
                classes.stream()
                        .map(name -> folder.resolve(name).toUri().getRawPath())
                        // one that is a folder there ends with a slash
                        .map(path -> path.replaceAll("/$", ""))
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .collect(Collectors.joining("/"));
        CRC32 sum = new CRC32();
        sum.update(names.getBytes(StandardCharsets.US_ASCII));
        return String.format("%d, %08x", classes.size(), sum.getValue());
    }

    private static void addMissing(
            List<String> wrong, String half, List<Path> wanted, List<Path> found) {
        List<Path> missing = new ArrayList<>(wanted);
        missing.removeAll(Set.copyOf(found));
        if (!missing.isEmpty()) {
            wrong.add(half + " has no folder " + FolderListing.names(missing));
        }
    }

    private Path half(String name) {
        Path place = folder.resolve(name);
        if (!Files.isDirectory(place)) {
            throw new IllegalArgumentException(
                    "no folder "
                            + place
                            + ": --data-dir needs folders train and test, with a folder of images"
                            + " for each class in both");
        }
        return place;
    }

    ArrayDataset load(
            Usage usage,
            int batchSize,
            int most,
            Pipeline pipeline,
            NDManager manager,
            Consumer<String> says)
            throws IOException {
        int classes = classes().size();
        FolderListing listing = FolderListing.of(half(usage == Usage.TRAIN ? "train" : "test"));
        List<Path> all = listing.images();
        int[] labelOf = listing.labels();
        int[] sample =
                Sample.of(usage, all.size(), most).stream().mapToInt(Long::intValue).toArray();
        int[] labels = Arrays.stream(sample).map(i -> labelOf[i]).toArray();
        String part =
                String.format(
                        "; a sample of %s (%s)",
                        Counted.of(sample.length, "image"), FolderListing.spread(labels, classes));
        says.accept(listing + (sample.length == all.size() ? "" : part));
        List<Path> files = Arrays.stream(sample).mapToObj(all::get).toList();
        float[] classOf = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            classOf[i] = labels[i];
        }
        NDArray data =
                manager.create(
                        ByteBuffer.wrap(pixels(files, manager)),
                        new Shape(files.size(), side, side, CHANNELS),
                        DataType.UINT8);
        return new ArrayDataset.Builder()
                .setData(data)
                .optLabels(manager.create(classOf))
                .setSampling(batchSize, false)
                .optPipeline(pipeline)
                .build();
    }

    private byte[] pixels(List<Path> files, NDManager manager) {
        int area = side * side * CHANNELS;
        int most = (Integer.MAX_VALUE - 8) / area;
        if (files.size() > most) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s has %d images; at --image-size %d there may be %d: take a smaller"
                                    + " size, or a sample with --train-size or --test-size",
                            folder, files.size(), side, most));
        }
        byte[] pixels = new byte[files.size() * area];
        // what another thread throws comes back with another message
        List<String> broken =
                IntStream.range(0, files.size())
                        .parallel()
                        .mapToObj(i -> decode(files.get(i), manager, pixels, i * area))
                        .filter(Objects::nonNull)
                        .toList();
        if (!broken.isEmpty()) {
            int more = broken.size() - 1;
            throw new IllegalArgumentException(
                    broken.get(0)
                            + (more == 0 ? "" : "; and " + Counted.of(more, "image") + " more"));
        }
        return pixels;
    }

    /** Decodes an image into the bytes; returns what is wrong with it, null if nothing is. */
    private String decode(Path file, NDManager parent, byte[] pixels, int start) {
        try (NDManager manager = parent.newSubManager()) {
            // not by name: the locale may not be able to write it
            ByteArrayInputStream bytes = new ByteArrayInputStream(Files.readAllBytes(file));
            NDArray image = ImageFactory.getInstance().fromInputStream(bytes).toNDArray(manager);
            byte[] scaled =
                    NDImageUtils.resize(image, side, side)
                            .toType(DataType.UINT8, false)
                            .toByteArray();
            System.arraycopy(scaled, 0, pixels, start, scaled.length);
            return null;
        } catch (IOException | RuntimeException e) {
            Object why = e.getMessage() == null ? e : e.getMessage();
            return file + " cannot be read as an image: " + why;
        }
    }
}
