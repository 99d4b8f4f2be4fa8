package org.parle.djl.examples;

import ai.djl.basicdataset.cv.classification.FashionMnist;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.Pipeline;
import ai.djl.translate.TranslateException;

import org.parle.djl.data.SyntheticDigits;

import java.io.IOException;
import java.nio.file.Path;

/** The data sets that the command knows, each loaded once and read by all replicas. */
final class DataSets {

    private DataSets() {}

    /**
     * Loads one half of a data set.
     *
     * @param name digits, mnist or fashion-mnist
     * @param folder where the files are, null to let DJL fetch them
     * @param usage which half
     * @param batchSize items in a batch
     * @param most use only so many items, 0 for all
     * @param normalize whether to take the training set's mean off, and divide by its deviation
     */
    static RandomAccessDataset load(
            String name, Path folder, Usage usage, int batchSize, int most, boolean normalize)
            throws IOException, TranslateException {
        RandomAccessDataset set =
                switch (name) {
                    case "digits" -> digits(usage, batchSize, most);
                    case "mnist" -> mnist(folder, usage, batchSize, most, normalize);
                    default -> fashionMnist(folder, usage, batchSize, most, normalize);
                };
        try {
            set.prepare();
        } catch (IOException e) {
            if (folder == null) {
                throw new IOException(
                        "cannot fetch "
                                + name
                                + " ("
                                + e
                                + "): give --data-dir, a folder with its files",
                        e);
            }
            throw e;
        }
        return set;
    }

    /** Loads one half of a data set as it is. */
    static RandomAccessDataset load(String name, Path folder, Usage usage, int batchSize, int most)
            throws IOException, TranslateException {
        return load(name, folder, usage, batchSize, most, false);
    }

    private static SyntheticDigits digits(Usage usage, int batchSize, int most) {
        SyntheticDigits.Builder builder =
                SyntheticDigits.builder().optUsage(usage).setSampling(batchSize, false);
        return (most == 0 ? builder : builder.optSize(most)).build();
    }

    private static Mnist mnist(Path folder, Usage usage, int batchSize, int most, boolean normalize)
            throws IOException {
        Mnist.Builder builder = Mnist.builder().optUsage(usage).setSampling(batchSize, false);
        if (normalize) {
            builder.optPipeline(pipeline(0.1307f, 0.3081f));
        }
        if (folder != null) {
            builder.optRepository(local(folder, "mnist"));
        }
        return builder.optLimit(limit(most)).build();
    }

    private static FashionMnist fashionMnist(
            Path folder, Usage usage, int batchSize, int most, boolean normalize)
            throws IOException {
        FashionMnist.Builder builder =
                FashionMnist.builder().optUsage(usage).setSampling(batchSize, false);
        if (normalize) {
            builder.optPipeline(pipeline(0.2860f, 0.3530f));
        }
        if (folder != null) {
            builder.optRepository(local(folder, "fashmnist"));
        }
        return builder.optLimit(limit(most)).build();
    }

    private static Pipeline pipeline(float mean, float deviation) {
        // DJL's own Normalize is for three channels
        return new Pipeline(new ToTensor(), image -> image.subi(mean).divi(deviation));
    }

    private static long limit(int most) {
        return most == 0 ? Long.MAX_VALUE : most;
    }

    private static Repository local(Path folder, String set) throws IOException {
        return Repository.newInstance(set, DataFolder.find(folder, set));
    }
}
