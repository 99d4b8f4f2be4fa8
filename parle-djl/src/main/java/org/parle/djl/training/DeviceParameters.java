package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

import org.parle.djl.vector.DeviceDoor;

import java.util.HashMap;
import java.util.Map;

/** A block's parameters on one device: copies, or the block's own where these are there. */
final class DeviceParameters extends ParameterStore {

    private final boolean always;
    private final Map<String, NDArray> copies = new HashMap<>();

    /**
     * Creates it; copies are made when they are asked for.
     *
     * @param manager of the copies, on their device
     * @param always whether to copy what is there, too
     */
    DeviceParameters(NDManager manager, boolean always) {
        super(manager, always);
        this.always = always;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        if (parameter == null) {
            return null;
        }
        NDArray own = parameter.getArray();
        if (!always && own.getDevice().equals(getManager().getDevice())) {
            return own;
        }
        return copies.computeIfAbsent(
                parameter.getId(),
                id -> {
                    NDArray copy = DeviceDoor.near(own, getManager());
                    copy.setName(own.getName());
                    if (training && parameter.requiresGradient()) {
                        copy.setRequiresGradient(true);
                    }
                    return copy;
                });
    }
}
