package org.parle.djl.examples.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;

import org.parle.djl.option.Nearest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The networks that the command knows by name. */
public final class Models {

    /** As Parle's authors have it in their Wide ResNets. */
    private static final double WIDE_DROPOUT = 0.25;

    private static final Pattern WIDE = Pattern.compile("wrn-(\\d{1,3})-(\\d{1,3})");

    /** Two strides of 2, and something left to average. */
    private static final int LEAST_SIDE = 8;

    private static final Map<String, IntFunction<Block>> BLOCKS = new LinkedHashMap<>();

    static {
        BLOCKS.put("lenet", classes -> LeNet.block());
        BLOCKS.put("lenet5", classes -> LeNet5.block());
        BLOCKS.put("mlp", Mlp::block);
        BLOCKS.put("all-cnn", AllCnn::block);
        BLOCKS.put("resnet-20", classes -> ResNet.block(20, classes));
        BLOCKS.put("wrn-16-4", classes -> WideResNet.block(16, 4, WIDE_DROPOUT, classes));
        BLOCKS.put("wrn-28-10", classes -> WideResNet.block(28, 10, WIDE_DROPOUT, classes));
        BLOCKS.put("densenet-100-12", classes -> DenseNet.block(100, 12, classes));
    }

    private Models() {}

    static List<String> names() {
        return List.copyOf(BLOCKS.keySet());
    }

    /** Refuses a name that is none. */
    public static void check(String name) {
        Matcher wide = WIDE.matcher(name);
        if (wide.matches()) {
            // refuses a depth that is none
            wide(wide, 10);
        } else if (!BLOCKS.containsKey(name)) {
            throw new IllegalArgumentException(
                    String.format(
                            "there is no --model \"%s\": %s", name, Nearest.hint(name, names())));
        }
    }

    /**
     * Makes a network.
     *
     * @param name the model, one of {@link #names()} or wrn-DEPTH-WIDTH
     * @param set the data set's name, for messages
     * @param input the shape of one image: channels, height, width
     * @param classes how many classes
     * @throws IllegalArgumentException if the model is not for such images
     */
    public static Block block(String name, String set, Shape input, int classes) {
        check(name);
        fit(name, set, input, classes);
        Matcher wide = WIDE.matcher(name);
        return wide.matches() ? wide(wide, classes) : BLOCKS.get(name).apply(classes);
    }

    private static Block wide(Matcher name, int classes) {
        int depth = Integer.parseInt(name.group(1));
        int width = Integer.parseInt(name.group(2));
        return WideResNet.block(depth, width, WIDE_DROPOUT, classes);
    }

    /** Refuses images that a model is not for. */
    public static void fit(String name, String set, Shape input, int classes) {
        boolean small = name.startsWith("lenet");
        if (small && (!input.equals(LeNet.INPUT) || classes != 10)) {
            throw new IllegalArgumentException(
                    String.format(
                            "--model %s is for ten classes of 1×28×28, and %s has %d of %s: take"
                                    + " --model resnet-20 or all-cnn",
                            name, set, classes, text(input)));
        }
        if (!small && !name.equals("mlp") && Math.min(input.get(1), input.get(2)) < LEAST_SIDE) {
            throw new IllegalArgumentException(
                    String.format(
                            "--model %s is for images of at least %d×%d, and %s has %s",
                            name, LEAST_SIDE, LEAST_SIDE, set, text(input)));
        }
    }

    static String text(Shape input) {
        return input.get(0) + "×" + input.get(1) + "×" + input.get(2);
    }
}
