package org.parle.djl.examples.dataset;

import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Pipeline;

import org.parle.djl.examples.network.LeNet;
import org.parle.djl.option.Nearest;

import java.util.Arrays;
import java.util.List;

/** The data sets that the command knows, with the mean and deviation of their training pixels. */
@SuppressWarnings("ImmutableEnumChecker") // DJL's Shape, and arrays that stay in here
public enum ImageSet {
    DIGITS("digits", "digits", LeNet.INPUT, 10, null, null),
    MNIST("mnist", "mnist", LeNet.INPUT, 10, new float[] {0.1307f}, new float[] {0.3081f}),
    FASHION_MNIST(
            "fashion-mnist",
            "fashmnist",
            LeNet.INPUT,
            10,
            new float[] {0.2860f},
            new float[] {0.3530f}),
    CIFAR10(
            "cifar10",
            "cifar10",
            new Shape(3, 32, 32),
            10,
            new float[] {0.4914f, 0.4822f, 0.4465f},
            new float[] {0.2470f, 0.2435f, 0.2616f}),
    CIFAR100("cifar100", "cifar100", CIFAR10.input, 100, Colours.CIFAR100, Colours.CIFAR100_BY),
    CIFAR100_COARSE(
            "cifar100-coarse",
            "cifar100",
            CIFAR10.input,
            20,
            Colours.CIFAR100,
            Colours.CIFAR100_BY),
    // as many classes as the folder has, and any size; normalised as photographs mostly are
    FOLDER("folder", "folder", null, 0, Colours.PHOTOGRAPHS, Colours.PHOTOGRAPHS_BY);

    private final String title;
    private final String layout;
    private final Shape input;
    private final int classes;
    private final float[] mean;
    private final float[] deviation;

    ImageSet(
            String title,
            String layout,
            Shape input,
            int classes,
            float[] mean,
            float[] deviation) {
        this.title = title;
        this.layout = layout;
        this.input = input;
        this.classes = classes;
        this.mean = mean;
        this.deviation = deviation;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(set -> set.title).toList();
    }

    public static ImageSet named(String name) {
        return Arrays.stream(values())
                .filter(set -> set.title.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        String.format(
                                                "there is no --dataset \"%s\": %s",
                                                name, Nearest.hint(name, names()))));
    }

    /** Returns the set's name in DJL's layout of folders. */
    String layout() {
        return layout;
    }

    /** Returns the shape of one image: channels, height, width; null where a folder has them. */
    public Shape input() {
        return input;
    }

    /** Returns how many classes there are, 0 where a folder says it. */
    public int classes() {
        return classes;
    }

    boolean hasColours() {
        return input == null || input.get(0) == 3;
    }

    /** Returns whether a mirrored image is of the same class: a mirrored digit is none. */
    public boolean maySeeMirrored() {
        return this != DIGITS && this != MNIST;
    }

    public boolean isNormalizable() {
        return mean != null;
    }

    /** Returns what makes floats of pixels, of a whole batch at once. */
    Pipeline pipeline(boolean normalize) {
        Pipeline pipeline = new Pipeline(new ToTensor());
        return normalize ? pipeline.add(this::normalize) : pipeline;
    }

    private NDArray normalize(NDArray images) {
        Shape channels = new Shape(mean.length, 1, 1);
        try (NDArray means = images.getManager().create(mean, channels);
                NDArray deviations = images.getManager().create(deviation, channels)) {
            return images.subi(means).divi(deviations);
        }
    }

    /** What an enum's own constants cannot share. */
    private static final class Colours {

        static final float[] CIFAR100 = {0.5071f, 0.4865f, 0.4409f};
        static final float[] CIFAR100_BY = {0.2673f, 0.2564f, 0.2762f};
        static final float[] PHOTOGRAPHS = {0.485f, 0.456f, 0.406f};
        static final float[] PHOTOGRAPHS_BY = {0.229f, 0.224f, 0.225f};
    }
}
