package org.parle.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.option.Nearest;
import org.parle.djl.random.RandomStream;

import java.util.List;

/**
 * What the papers do to images of 32&times;32 before each step: pad them, cut a part of the old
 * size out at a random place, and mirror every second one, left to right.
 *
 * <p>A whole batch at once, each image with draws of its own, which are a function of (seed, rank,
 * epoch, batch): see {@link Shard.Builder#optAugmentation}. (DJL's own transforms of random kind,
 * given a batch of an {@code ArrayDataset}, treat all of its images alike.) On the device that the
 * batch is on: one gather, whose indices are made here. Immutable.
 *
 * <p>Zeros around normalised images are the mean colour, as for ResNets (<a
 * href="https://arxiv.org/abs/1512.03385">arXiv 1512.03385</a>, 4.2); Wide ResNets reflect what is
 * inside (<a href="https://arxiv.org/abs/1605.07146">arXiv 1605.07146</a>, 3), and so do Parle's.
 */
public final class Augmentation {

    /** How far the papers pad images of 32&times;32. */
    private static final int PADDING = 4;

    private static final Augmentation NONE = new Augmentation("none", 0, false);

    private final String name;
    private final int padding;
    private final boolean reflect;

    private Augmentation(String name, int padding, boolean reflect) {
        this.name = name;
        this.padding = padding;
        this.reflect = reflect;
    }

    /**
     * Leaves images as they are.
     *
     * @return no augmentation
     */
    public static Augmentation none() {
        return NONE;
    }

    /**
     * Pads by 4 pixels of zeros.
     *
     * @return crop and flip
     */
    public static Augmentation zeros() {
        return new Augmentation("zeros", PADDING, false);
    }

    /**
     * Pads by the 4 outermost pixels, mirrored outwards.
     *
     * @return crop and flip
     */
    public static Augmentation reflect() {
        return new Augmentation("reflect", PADDING, true);
    }

    /**
     * Reads an augmentation from text.
     *
     * @param text none, zeros or reflect
     * @return the augmentation
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Augmentation parse(String text) {
        return switch (text.trim()) {
            case "none" -> none();
            case "zeros" -> zeros();
            case "reflect" -> reflect();
            default ->
                    throw new IllegalArgumentException(
                            String.format(
                                    "There is no augmentation \"%s\": %s",
                                    text, Nearest.hint(text, List.of("none", "zeros", "reflect"))));
        };
    }

    boolean isNone() {
        return padding == 0;
    }

    /**
     * Augments a batch.
     *
     * @param images of the shape (batch, channels, height, width), left as they are
     * @param draws two numbers for each image are taken
     * @return a new array of that shape
     */
    NDArray of(NDArray images, RandomStream draws) {
        Shape shape = images.getShape();
        if (shape.dimension() != 4) {
            throw new IllegalArgumentException(
                    "Augmentation is for batches of the shape (batch, channels, height, width), got"
                            + " "
                            + shape);
        }
        int batch = (int) shape.get(0);
        long channels = shape.get(1);
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        if (reflect && Math.min(height, width) < padding) {
            throw new IllegalArgumentException(
                    "Images of " + height + "×" + width + " cannot be reflected by " + padding);
        }
        int area = height * width;
        long[] from = new long[batch * area];
        for (int i = 0; i < batch; i++) {
            int place = draws.below((2 * padding + 1) * (2 * padding + 1) * 2);
            int flip = place & 1;
            int down = (place >> 1) / (2 * padding + 1);
            int right = (place >> 1) % (2 * padding + 1);
            fill(from, i * area, height, width, down, right, flip == 1);
        }
        try (NDManager manager = images.getManager().newSubManager()) {
            images.tempAttach(manager);
            NDArray source = reflect ? images : padded(images, manager);
            NDArray index =
                    manager.create(from, new Shape(batch, 1, area))
                            .broadcast(batch, channels, area);
            NDArray pixels = source.reshape(batch, channels, -1);
            NDArray result = pixels.gather(index, 2).reshape(shape);
            return manager.ret(result);
        }
    }

    /** Puts zeros around; DJL's own pad came with 0.30. */
    private NDArray padded(NDArray images, NDManager manager) {
        Shape shape = images.getShape();
        Shape side = new Shape(shape.get(0), shape.get(1), shape.get(2), padding);
        NDArray sides = manager.zeros(side, images.getDataType());
        NDArray wide = sides.concat(images, 3).concat(sides, 3);
        Shape edge = new Shape(shape.get(0), shape.get(1), padding, shape.get(3) + 2L * padding);
        NDArray edges = manager.zeros(edge, images.getDataType());
        return edges.concat(wide, 2).concat(edges, 2);
    }

    /** Sets for each pixel of an image which one of the source it is. */
    private void fill(
            long[] from, int start, int height, int width, int down, int right, boolean flip) {
        int[] columns = new int[width];
        for (int x = 0; x < width; x++) {
            columns[flip ? width - 1 - x : x] = source(x + right, width);
        }
        long stride = reflect ? width : width + 2L * padding;
        for (int y = 0; y < height; y++) {
            long row = source(y + down, height) * stride;
            for (int x = 0; x < width; x++) {
                from[start + y * width + x] = row + columns[x];
            }
        }
    }

    /** Returns where a coordinate of the padded image is in the source. */
    private int source(int padded, int size) {
        if (!reflect) {
            return padded;
        }
        int inside = padded - padding;
        if (inside < 0) {
            return -inside - 1;
        }
        return inside < size ? inside : 2 * size - 1 - inside;
    }

    /**
     * Returns the name.
     *
     * @return none, zeros or reflect
     */
    @Override
    public String toString() {
        return name;
    }
}
