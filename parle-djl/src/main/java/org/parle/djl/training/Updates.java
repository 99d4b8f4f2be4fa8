package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;

import java.util.HashMap;
import java.util.Map;

/**
 * Gathers the calls of one step in DJL's own trainer, one for each parameter and device, and knows
 * which array belongs to which device.
 */
final class Updates {

    private final Device[] devices;
    private final Map<String, NDArray[]> arrays = new HashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private int count;

    Updates(Device[] devices) {
        this.devices = devices;
    }

    boolean isStepBegin() {
        return count == 0;
    }

    /**
     * Takes one call.
     *
     * @param id DJL's id of the parameter
     * @param weight its array on one device
     * @param parameters how many are trained
     * @return whether it was the step's last
     */
    boolean add(String id, NDArray weight, int parameters) {
        place(arrays.computeIfAbsent(id, key -> new NDArray[devices.length]), weight);
        if (seen.merge(id, 1, Integer::sum) > devices.length) {
            throw new IllegalStateException(
                    "the trainer has not updated all trainable parameters: call"
                            + " trainer.initialize(shape) before training, and freeze parameters"
                            + " that the forward pass does not use");
        }
        count++;
        if (count < parameters * devices.length) {
            return false;
        }
        count = 0;
        seen.clear();
        return true;
    }

    /** Says before the first step which array of a parameter the one device has. */
    void expect(String id, NDArray weight) {
        arrays.put(id, new NDArray[] {weight});
    }

    /** A device's first array takes the first free place: DJL lists the devices in hash order. */
    private void place(NDArray[] known, NDArray weight) {
        for (NDArray array : known) {
            if (array == weight) {
                return;
            }
        }
        for (int i = 0; i < known.length; i++) {
            if (known[i] == null && devices[i].equals(weight.getDevice())) {
                known[i] = weight;
                return;
            }
        }
        throw new IllegalStateException(
                "a parameter's array on "
                        + weight.getDevice()
                        + " is new; call trainer.initialize(shape) before anything else");
    }

    /** Returns a parameter's array on one device. */
    NDArray array(String id, int device) {
        return arrays.get(id)[device];
    }

    /** Lets parameters have a gradient that were unfrozen since the last batch. */
    void requireGradients() {
        for (NDArray[] known : arrays.values()) {
            for (NDArray array : known) {
                if (array != null && !array.hasGradient()) {
                    array.setRequiresGradient(true);
                }
            }
        }
    }
}
