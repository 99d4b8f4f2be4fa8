package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one model that comes out. It lives where the trainer computes, on each of its devices, and is
 * estimated on the first of them: in the arrays that the model itself holds, and saves, if these
 * are there, else in copies, from which the model is written.
 *
 * <p>The arrays are not those that a replica trains, but where TorchScript has one set only.
 */
final class ModelReference implements AutoCloseable {

    private final Block block;
    private final NDManager manager;
    private final Communicator bodies;
    private final Device device;
    private final Map<Device, ReferencePlace> places = new LinkedHashMap<>();
    private final ReferencePlace home;

    ModelReference(Block block, NDManager manager, Device[] devices, Communicator bodies) {
        this.block = block;
        this.manager = manager;
        this.bodies = bodies;
        for (Device one : devices) {
            places.computeIfAbsent(one, where -> new ReferencePlace(manager, where));
        }
        device = devices[0];
        home = places.get(device);
    }

    /** Lays the reference out, at first or anew; parameters that leave go with their values. */
    void layOut(BlockParameters parameters) {
        if (home.weights() != null) {
            home.write();
        }
        places.values().forEach(place -> place.layOut(parameters));
    }

    boolean hasStatistics() {
        return home.statistics() != null;
    }

    /**
     * Takes the reference in, with statistics of its own: at first the mean of the replicas', then
     * re-estimated by a pass over training inputs that changes nothing else. Collective.
     *
     * @param reference x
     * @param own the statistics that this body's replica has trained with, null for none
     * @param inputs the inputs to re-estimate on, on the first device
     */
    void refresh(NDArray reference, FlatModel own, TrainingInputs inputs) {
        GradientMode.off(
                () -> {
                    DeviceDoor.copy(reference, home.weights().vector());
                    FlatModel statistics = home.statistics();
                    if (own != null && statistics != null) {
                        DeviceDoor.copy(own.vector(), statistics.vector());
                        bodies.allReduceMean(statistics.vector()).await();
                        show();
                        estimate(inputs);
                        statistics.pull();
                        bodies.allReduceMean(statistics.vector()).await();
                    }
                    places.values().stream()
                            .filter(place -> place != home)
                            .forEach(place -> place.take(home));
                });
    }

    private void estimate(TrainingInputs inputs) {
        for (NDList input : inputs.newest()) {
            try (NDManager pass = manager.newSubManager(device)) {
                NDList here = new NDList(input.size());
                input.forEach(array -> here.add(near(array, pass)));
                block.forward(store(pass), here, true);
            }
        }
    }

    /** DJL's own trainer has its batches where the model is. */
    private NDArray near(NDArray array, NDManager pass) {
        if (!array.getDevice().equals(device)) {
            return DeviceDoor.near(array, pass);
        }
        // a block may change its input
        NDArray copy = array.duplicate();
        copy.attach(pass);
        return copy;
    }

    /** Returns where a block finds the reference for one pass, on the pass's device. */
    ParameterStore store(NDManager pass) {
        return new ReferenceStore(pass, places, home);
    }

    /** Writes the reference into the model's own arrays, if these are elsewhere. */
    void write() {
        GradientMode.off(home::write);
    }

    /** Copies the statistics to those that a replica has trained with. */
    void giveStatistics(FlatModel own) {
        if (own != null && home.statistics() != null) {
            DeviceDoor.copy(home.statistics().vector(), own.vector());
        }
    }

    /** Puts the reference into modules that keep one set of tensors only. */
    void show() {
        home.show();
    }

    @Override
    public void close() {
        GradientMode.off(() -> places.values().forEach(ReferencePlace::close));
    }
}
