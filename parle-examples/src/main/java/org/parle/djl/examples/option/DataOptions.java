package org.parle.djl.examples.option;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import picocli.CommandLine.Option;

import org.parle.djl.Replica;
import org.parle.djl.data.Augmentation;
import org.parle.djl.data.Shard;
import org.parle.djl.data.Sharding;
import org.parle.djl.examples.dataset.DataSets;
import org.parle.djl.examples.dataset.ImageSet;
import org.parle.djl.examples.dataset.ImagesInFolder;
import org.parle.djl.examples.network.Models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code parle train} may be told of the data. */
public final class DataOptions {

    @Option(
            names = "--dataset",
            defaultValue = "digits",
            description =
                    "digits (drawn by this program), mnist, fashion-mnist, cifar10, cifar100,"
                            + " cifar100-coarse, or folder (any images)")
    public String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "folder with the set's files in DJL's layout, without it DJL fetches them;"
                            + " cifar100: with train.bin and test.bin; folder: with train and test,"
                            + " a folder of images for each class in both")
    Path dataDir;

    @Option(
            names = "--normalize",
            description =
                    "take the training set's mean off the pixels, and divide them by its"
                            + " deviation, channel by channel")
    boolean normalize;

    @Option(
            names = "--augment",
            defaultValue = "none",
            paramLabel = "HOW",
            description =
                    "cut each training image at a random place after padding it by 4 pixels, and"
                            + " flip every second one: zeros (as ResNet pads), reflect (as Wide"
                            + " ResNet), or none")
    String augment;

    @Option(
            names = "--image-size",
            defaultValue = "32",
            paramLabel = "N",
            description = "folder: height and width that images are scaled to")
    int imageSize;

    @Option(
            names = "--shard",
            defaultValue = "full",
            description =
                    "a replica's data: full, disjoint, reshuffled, fraction=F, dirichlet=A, sorted")
    public String shard;

    @Option(
            names = "--train-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, drawn at random and alike in all runs, 0 for all")
    int trainSize;

    @Option(
            names = "--test-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, drawn in the same way, 0 for all")
    int testSize;

    /** Refuses what can be refused before anything is loaded. */
    void check(String model) throws IOException {
        ImageSet set = set();
        if (normalize && !set.isNormalizable()) {
            throw new IllegalArgumentException("--normalize is not for digits, whose ink is 1");
        }
        if (!Augmentation.parse(augment).equals(Augmentation.none()) && !set.maySeeMirrored()) {
            throw new IllegalArgumentException(
                    "--augment flips images, and a flipped digit is none: it is for fashion-mnist,"
                            + " cifar10, cifar100 and folder, not "
                            + dataset);
        }
        Checks.atLeast("--image-size", imageSize, 8);
        Checks.atLeast("--train-size", trainSize, 0);
        Checks.atLeast("--test-size", testSize, 0);
        Sharding.parse(shard);
        if (dataDir != null && set == ImageSet.DIGITS) {
            throw new IllegalArgumentException(
                    "--data-dir is for data sets of files; digits needs no files");
        }
        if (dataDir == null && set == ImageSet.FOLDER) {
            throw new IllegalArgumentException(
                    "--dataset folder needs --data-dir, a folder with train and test");
        }
        Models.fit(model, dataset, input(), classes());
    }

    ImageSet set() {
        return ImageSet.named(dataset);
    }

    /** Returns the shape of one image: channels, height, width. */
    public Shape input() {
        Shape fixed = set().input();
        return fixed == null ? new Shape(3, imageSize, imageSize) : fixed;
    }

    public int classes() throws IOException {
        return set() == ImageSet.FOLDER
                ? new ImagesInFolder(dataDir, imageSize).classes().size()
                : set().classes();
    }

    public RandomAccessDataset load(DataSets sets, Usage usage, int batchSize)
            throws IOException, TranslateException {
        int most = usage == Usage.TRAIN ? trainSize : testSize;
        return sets.load(set(), dataDir, usage, batchSize, most, normalize, imageSize);
    }

    /** Returns what a replica trains on. */
    public Shard shard(Replica replica, RandomAccessDataset train)
            throws IOException, TranslateException {
        return replica.shard(train, Sharding.parse(shard), Augmentation.parse(augment));
    }

    /**
     * Returns what makes the training data what they are, for runs that must have it in common. How
     * they are dealt, cropped and flipped a shard says itself; what was not asked for is left out.
     */
    public Map<String, String> identity() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("data set", dataset);
        if (normalize) {
            all.put("--normalize", "yes");
        }
        // of digits fewer are painted, and the first of more are the same
        if (trainSize > 0 && set() != ImageSet.DIGITS) {
            all.put("--train-size", "a sample of " + trainSize);
        }
        if (set() == ImageSet.FOLDER) {
            all.put("--image-size", String.valueOf(imageSize));
            all.put("classes", new ImagesInFolder(dataDir, imageSize).identity());
        }
        return all;
    }

    /** Adds these settings to those of a result. */
    public void addTo(Map<String, Object> all) {
        all.put("shard", shard);
        all.put("normalize", normalize);
        all.put("augment", augment);
        all.put("trainSize", trainSize);
        all.put("testSize", testSize);
    }
}
