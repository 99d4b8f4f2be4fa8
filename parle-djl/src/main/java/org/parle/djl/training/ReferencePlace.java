package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;

import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.FlatModel;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The reference on one device: in the model's own arrays if these are there, else in copies. */
final class ReferencePlace {

    private final NDManager manager;
    private final DeviceParameters parameters;
    private BlockParameters laidOut;
    private FlatModel weights;
    private FlatModel statistics;
    private Set<String> copies = Set.of();

    ReferencePlace(NDManager manager, Device device) {
        this.manager = manager;
        parameters = new DeviceParameters(manager.newSubManager(device), false);
    }

    /** Lays the arrays out, at first or anew. */
    void layOut(BlockParameters now) {
        FlatModel before = weights;
        laidOut = now;
        weights = new FlatModel(manager, now.names(), now.trainedArrays(this::value), now.copied());
        if (before != null) {
            before.close(Set.copyOf(now.names()));
        }
        if (statistics == null) {
            statistics = now.flatStatistics(manager, this::value);
        }
        copies =
                now.trained().entrySet().stream()
                        .filter(entry -> value(entry.getValue()) != entry.getValue().getArray())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
    }

    /** Returns a parameter's value here. */
    NDArray value(Parameter parameter) {
        return laidOut.inScript(parameter)
                ? parameter.getArray()
                : parameters.getValue(parameter, null, false);
    }

    FlatModel weights() {
        return weights;
    }

    /** Returns null if there are none. */
    FlatModel statistics() {
        return statistics;
    }

    /** Takes another place's values over. */
    void take(ReferencePlace other) {
        DeviceDoor.copy(other.weights.vector(), weights.vector());
        if (statistics != null) {
            DeviceDoor.copy(other.statistics.vector(), statistics.vector());
        }
    }

    /** Writes the values into the model's arrays, if these are elsewhere. */
    void write() {
        laidOut.trained().values().forEach(this::write);
        laidOut.statistics().values().forEach(this::write);
    }

    private void write(Parameter parameter) {
        NDArray here = value(parameter);
        if (here != parameter.getArray()) {
            DeviceDoor.copy(here, parameter.getArray());
        }
    }

    /** Puts the values into modules that keep one set of tensors only. */
    void show() {
        weights.push();
        if (statistics != null) {
            statistics.push();
        }
    }

    /** Frees the vectors; copies need no memory of their own any more. */
    void close() {
        if (weights != null) {
            weights.close(copies);
        }
        if (statistics != null) {
            statistics.close();
        }
    }
}
