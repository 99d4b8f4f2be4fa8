package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.GradientMode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The handles on its first step's gradients that DJL's own trainer leaves open: they belong to the
 * model's manager, and hold a model's worth of memory until the model is closed. So they are closed
 * with the trainer. Used by the trainer's thread.
 */
final class FirstGradients implements AutoCloseable {

    private static final NDIndex ALL = new NDIndex("...");

    private final List<NDArray> handles = new ArrayList<>();

    /**
     * Finds them.
     *
     * @param manager the model's
     * @param trained the arrays whose gradients they are
     */
    FirstGradients(NDManager manager, Collection<NDArray> trained) {
        List<NDArray> open = manager.getManagedArrays();
        // not what is below: other threads may close that meanwhile
        open.removeIf(
                array ->
                        array.getManager() != manager
                                || array.isReleased()
                                || trained.stream().anyMatch(t -> t == array));
        GradientMode.off(
                () -> trained.stream().filter(NDArray::hasGradient).forEach(t -> find(t, open)));
    }

    /** Nothing but a value written can tell that two handles are on one gradient. */
    private void find(NDArray trained, List<NDArray> open) {
        List<NDArray> same = new ArrayList<>(open);
        same.removeIf(
                array ->
                        !array.getShape().equals(trained.getShape())
                                || array.getDataType() != trained.getDataType()
                                || !array.getDevice().equals(trained.getDevice()));
        if (same.isEmpty() || trained.isEmpty()) {
            return;
        }
        try (NDArray gradient = trained.getGradient();
                NDArray values = gradient.duplicate();
                NDArray ones = gradient.onesLike()) {
            gradient.set(ALL, ones);
            same.removeIf(array -> first(array) != 1);
            gradient.addi(ones);
            same.removeIf(array -> first(array) != 2);
            gradient.set(ALL, values);
        }
        handles.addAll(same);
    }

    private static float first(NDArray array) {
        try (NDArray flat = array.reshape(-1);
                NDArray first = flat.get(new NDIndex().addSliceDim(0, 1))) {
            return DeviceDoor.value(first);
        }
    }

    @Override
    public void close() {
        handles.forEach(NDArray::close);
        handles.clear();
    }
}
