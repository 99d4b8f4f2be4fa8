package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where each parameter lies in the one vector: pieces in the block's own order, without gaps.
 *
 * @param names the parameters' names
 * @param shapes their shapes
 */
public record Layout(List<String> names, List<Shape> shapes) {

    private static final long MOST = Integer.MAX_VALUE;

    /** Of no parameters. */
    public static final Layout NONE = new Layout(List.of(), List.of());

    /**
     * Copies the lists.
     *
     * @param names the parameters' names
     * @param shapes their shapes
     * @throws IllegalArgumentException if the vector would have more than 2<sup>31</sup> &minus; 1
     *     entries
     */
    public Layout {
        names = List.copyOf(names);
        shapes = List.copyOf(shapes);
        long size = 0;
        for (Shape shape : shapes) {
            size += shape.size();
            if (size > MOST) {
                throw new IllegalArgumentException(tooLarge(names, shapes));
            }
        }
    }

    private static String tooLarge(List<String> names, List<Shape> shapes) {
        long size = 0;
        int largest = 0;
        for (int i = 0; i < shapes.size(); i++) {
            size += shapes.get(i).size();
            largest = shapes.get(i).size() > shapes.get(largest).size() ? i : largest;
        }
        return String.format(
                Locale.ROOT,
                "the model has %,d trained values, of which \"%s\" has %,d; replicas of up to %,d"
                        + " can be coupled: freeze what need not be trained",
                size,
                names.get(largest),
                shapes.get(largest).size(),
                MOST);
    }

    /**
     * Reads the layout off arrays.
     *
     * @param names the parameters' names
     * @param arrays their values
     * @return the layout
     * @throws IllegalArgumentException if an array is not float32; the message names the parameter
     */
    public static Layout of(List<String> names, List<NDArray> arrays) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            NDArray array = arrays.get(i);
            if (array.getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(
                        "parameter \""
                                + names.get(i)
                                + "\" is "
                                + array.getDataType()
                                + ": replicas are coupled in float32 only");
            }
            shapes.add(array.getShape());
        }
        return new Layout(names, shapes);
    }

    /**
     * Returns where each piece begins, and at last the length of the whole.
     *
     * @return offsets in floats, one more than there are pieces
     */
    public long[] offsets() {
        long[] offsets = new long[shapes.size() + 1];
        for (int i = 0; i < shapes.size(); i++) {
            offsets[i + 1] = offsets[i] + shapes.get(i).size();
        }
        return offsets;
    }

    /**
     * Returns the length of the vector.
     *
     * @return the number of floats
     */
    public long size() {
        return offsets()[shapes.size()];
    }
}
