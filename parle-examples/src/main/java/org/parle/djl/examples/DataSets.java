package org.parle.djl.examples;

import ai.djl.basicdataset.cv.classification.FashionMnist;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import org.parle.djl.data.SyntheticDigits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The data sets that the command knows, each loaded once and read by all replicas. */
final class DataSets {

    /** Where DJL keeps a set, from the root of a repository. */
    private static final String DJL_FOLDERS = "dataset/cv/ai/djl/basicdataset";

    private static final Map<String, Long> SIZES =
            Map.of(
                    "train_data", 47_040_016L,
                    "train_labels", 60_008L,
                    "test_data", 7_840_016L,
                    "test_labels", 10_008L);

    private DataSets() {}

    /**
     * Loads one half of a data set.
     *
     * @param name digits, mnist or fashion-mnist
     * @param folder where the files are, null to let DJL fetch them
     * @param usage which half
     * @param batchSize items in a batch
     * @param most use only so many items, 0 for all
     */
    static RandomAccessDataset load(String name, Path folder, Usage usage, int batchSize, int most)
            throws IOException, TranslateException {
        long limit = most == 0 ? Long.MAX_VALUE : most;
        RandomAccessDataset set;
        switch (name) {
            case "digits" -> {
                SyntheticDigits.Builder digits =
                        SyntheticDigits.builder().optUsage(usage).setSampling(batchSize, false);
                set = (most == 0 ? digits : digits.optSize(most)).build();
            }
            case "mnist" -> {
                Mnist.Builder mnist = Mnist.builder().optUsage(usage).setSampling(batchSize, false);
                mnist.optLimit(limit);
                set =
                        (folder == null ? mnist : mnist.optRepository(local(folder, "mnist")))
                                .build();
            }
            default -> {
                FashionMnist.Builder fashion =
                        FashionMnist.builder().optUsage(usage).setSampling(batchSize, false);
                fashion.optLimit(limit);
                set =
                        (folder == null
                                        ? fashion
                                        : fashion.optRepository(local(folder, "fashmnist")))
                                .build();
            }
        }
        set.prepare();
        return set;
    }

    /** Finds a set's files below the folder, and checks that they are whole. */
    private static Repository local(Path folder, String set) throws IOException {
        List<Path> places =
                List.of(
                        folder.resolve("mlrepo").resolve(DJL_FOLDERS).resolve(set).resolve("1.0"),
                        folder.resolve(DJL_FOLDERS).resolve(set).resolve("1.0"),
                        folder.resolve(set).resolve("1.0"),
                        folder);
        for (Path place : places) {
            if (Files.isRegularFile(place.resolve("train_data"))) {
                check(place);
                return Repository.newInstance(set, place);
            }
        }
        throw new IllegalArgumentException(
                "no "
                        + set
                        + " in "
                        + folder
                        + ": --data-dir needs a folder with mlrepo/"
                        + DJL_FOLDERS
                        + "/"
                        + set
                        + "/1.0/train_data, or with that file itself");
    }

    private static void check(Path place) throws IOException {
        for (Map.Entry<String, Long> file : SIZES.entrySet()) {
            Path path = place.resolve(file.getKey());
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException(path + " is missing");
            }
            long size = Files.size(path);
            if (size != file.getValue()) {
                throw new IllegalArgumentException(
                        path + " is damaged: " + size + " bytes instead of " + file.getValue());
            }
        }
    }
}
