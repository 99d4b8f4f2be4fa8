package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.algorithm.State;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.Layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The weights that one replica trains: a flat model on each of its devices, all with the same
 * values. The first is where the algorithm works.
 */
public final class ReplicaWeights implements AutoCloseable {

    private final List<FlatModel> models = new ArrayList<>();

    /**
     * Lays the weights out.
     *
     * @param manager what the vectors' managers are made from
     * @param names the parameters' names, in the block's order
     * @param arrays for each device the parameters' arrays
     * @param copied the parameters that TorchScript keeps to itself
     */
    ReplicaWeights(
            NDManager manager, List<String> names, List<List<NDArray>> arrays, Set<String> copied) {
        for (List<NDArray> device : arrays) {
            models.add(new FlatModel(manager, names, device, copied));
            models.get(models.size() - 1).shareGradient();
        }
    }

    /** Returns the flat model on each device. */
    List<FlatModel> models() {
        return models;
    }

    FlatModel model() {
        return models.get(0);
    }

    public NDArray vector() {
        return model().vector();
    }

    /** Returns a state of another layout for this one, by the parameters' names. */
    State move(State state, Layout layout) {
        return state.moveTo(vector(), (from, to) -> model().move(from, layout, to));
    }

    /** Shows the changed vector to all devices and modules. */
    void publish() {
        for (FlatModel model : models) {
            if (model != model()) {
                DeviceDoor.copy(vector(), model.vector());
            }
            model.push();
        }
    }

    /** Gives some parameters the reference's values, as they leave the training. */
    void settle(NDArray reference, Set<String> leaving) {
        models.forEach(model -> model.take(reference, leaving));
        models.forEach(FlatModel::push);
    }

    /** Frees the vectors, but for the arrays that a new layout has taken over. */
    void close(Set<String> moved) {
        models.forEach(model -> model.close(moved));
    }

    @Override
    public void close() {
        close(Set.of());
    }
}
