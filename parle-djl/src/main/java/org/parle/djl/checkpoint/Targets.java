package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Says where each array of a checkpoint goes. */
@FunctionalInterface
public interface Targets {

    /**
     * Returns what takes an array's values.
     *
     * @param name the array's name
     * @param shape its shape
     * @param type of its values
     * @return an array of that shape and type, or null to pass over this one
     * @throws CheckpointException if there is one of another shape or type
     */
    NDArray of(String name, Shape shape, DataType type);
}
