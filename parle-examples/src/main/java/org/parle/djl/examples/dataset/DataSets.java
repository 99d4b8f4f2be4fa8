package org.parle.djl.examples.dataset;

import ai.djl.basicdataset.cv.classification.Cifar10;
import ai.djl.basicdataset.cv.classification.FashionMnist;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.Pipeline;
import ai.djl.translate.TranslateException;

import org.parle.djl.data.Cifar100;
import org.parle.djl.data.SyntheticDigits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Loads data sets, each once; all replicas read it. What was loaded is gone when this closes. A
 * part of a set is a random sample, the same one in every run.
 */
public final class DataSets implements AutoCloseable {

    private final NDManager manager = NDManager.newBaseManager();
    private final Consumer<String> says;

    /** Creates it, silent. */
    public DataSets() {
        this(line -> {});
    }

    /**
     * Creates it.
     *
     * @param says given a line on what was found, where that is not known before
     */
    public DataSets(Consumer<String> says) {
        this.says = says;
    }

    @Override
    public void close() {
        manager.close();
    }

    /**
     * Loads one half of a data set.
     *
     * @param set which
     * @param folder where the files are, null to let DJL fetch them
     * @param usage which half
     * @param batchSize items in a batch
     * @param most use only so many items, 0 for all; drawn at random, for a set may be sorted
     * @param normalize whether to take the training set's mean off, and divide by its deviation
     * @param side height and width of the images of a folder
     */
    public RandomAccessDataset load(
            ImageSet set,
            Path folder,
            Usage usage,
            int batchSize,
            int most,
            boolean normalize,
            int side)
            throws IOException, TranslateException {
        Pipeline pipeline = set.pipeline(normalize);
        RandomAccessDataset loaded =
                switch (set) {
                    case DIGITS -> digits(usage, batchSize, most);
                    case MNIST -> mnist(folder, usage, batchSize, pipeline);
                    case FASHION_MNIST -> fashionMnist(folder, usage, batchSize, pipeline);
                    case CIFAR10 -> cifar10(folder, usage, batchSize, pipeline);
                    case CIFAR100, CIFAR100_COARSE ->
                            Cifar100.builder()
                                    .setFolder(DataFolder.findCifar100(folder))
                                    .optManager(manager)
                                    .optCoarse(set == ImageSet.CIFAR100_COARSE)
                                    .optUsage(usage)
                                    .setSampling(batchSize, false)
                                    .optPipeline(pipeline)
                                    .build();
                    case FOLDER ->
                            new ImagesInFolder(folder, side)
                                    .load(usage, batchSize, most, pipeline, manager, says);
                };
        try {
            loaded.prepare();
        } catch (IOException e) {
            if (folder == null) {
                throw new IOException(
                        "cannot fetch "
                                + set.layout()
                                + " ("
                                + e
                                + "): give --data-dir, a folder with its files",
                        e);
            }
            throw e;
        }
        int size = Math.toIntExact(loaded.size());
        // what is painted or decoded item by item was drawn before
        boolean whole = most == 0 || set == ImageSet.DIGITS || set == ImageSet.FOLDER;
        return whole ? loaded : loaded.subDataset(Sample.of(usage, size, most));
    }

    /** Loads one half of a data set as it is. */
    public RandomAccessDataset load(String name, Path folder, Usage usage, int batchSize, int most)
            throws IOException, TranslateException {
        return load(ImageSet.named(name), folder, usage, batchSize, most, false, 0);
    }

    private SyntheticDigits digits(Usage usage, int batchSize, int most) {
        SyntheticDigits.Builder builder =
                SyntheticDigits.builder()
                        .optManager(manager)
                        .optUsage(usage)
                        .setSampling(batchSize, false);
        return (most == 0 ? builder : builder.optSize(most)).build();
    }

    private Mnist mnist(Path folder, Usage usage, int batchSize, Pipeline pipeline)
            throws IOException {
        Mnist.Builder builder =
                Mnist.builder().optManager(manager).optUsage(usage).setSampling(batchSize, false);
        if (folder != null) {
            builder.optRepository(local(folder, "mnist"));
        }
        return builder.optPipeline(pipeline).build();
    }

    private FashionMnist fashionMnist(Path folder, Usage usage, int batchSize, Pipeline pipeline)
            throws IOException {
        FashionMnist.Builder builder =
                FashionMnist.builder()
                        .optManager(manager)
                        .optUsage(usage)
                        .setSampling(batchSize, false);
        if (folder != null) {
            builder.optRepository(local(folder, "fashmnist"));
        }
        return builder.optPipeline(pipeline).build();
    }

    private RandomAccessDataset cifar10(Path folder, Usage usage, int batchSize, Pipeline pipeline)
            throws IOException {
        Cifar10.Builder builder =
                Cifar10.builder().optManager(manager).optUsage(usage).setSampling(batchSize, false);
        if (folder != null) {
            builder.optRepository(local(folder, "cifar10"));
        }
        return builder.optPipeline(pipeline).build();
    }

    private static Repository local(Path folder, String set) throws IOException {
        return Repository.newInstance(set, DataFolder.find(folder, set));
    }
}
