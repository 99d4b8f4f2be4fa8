package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each parameter lies in the one vector: pieces in the block's own order, without gaps.
 *
 * @param names the parameters' names
 * @param shapes their shapes
 */
public record Layout(List<String> names, List<Shape> shapes) {

    /**
     * Copies the lists.
     *
     * @param names the parameters' names
     * @param shapes their shapes
     */
    public Layout {
        names = List.copyOf(names);
        shapes = List.copyOf(shapes);
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
