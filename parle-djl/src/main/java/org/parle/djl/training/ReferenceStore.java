package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

import org.parle.djl.vector.DeviceDoor;

import java.util.HashMap;
import java.util.Map;

/** Where a block finds the reference for one pass; copies are made only for other devices. */
final class ReferenceStore extends ParameterStore {

    private final Map<Device, ReferencePlace> places;
    private final ReferencePlace home;
    private final Map<String, NDArray> copies = new HashMap<>();

    /**
     * Creates it.
     *
     * @param pass the pass's manager, on the input's device
     * @param places by their device
     * @param home where to copy from
     */
    ReferenceStore(NDManager pass, Map<Device, ReferencePlace> places, ReferencePlace home) {
        super(pass, false);
        this.places = places;
        this.home = home;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        if (parameter == null) {
            return null;
        }
        ReferencePlace place = places.get(device);
        return place != null
                ? place.value(parameter)
                : copies.computeIfAbsent(
                        parameter.getId(),
                        id -> DeviceDoor.near(home.value(parameter), getManager()));
    }
}
