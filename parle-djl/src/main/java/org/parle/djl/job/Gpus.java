package org.parle.djl.job;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Refuses GPUs that are not there, where PyTorch would name its backends, one in each line. */
public final class Gpus {

    private Gpus() {}

    /**
     * Looks for devices.
     *
     * @param engine that would use them
     * @param devices which are wanted
     * @throws IllegalArgumentException if one of them is not there
     */
    public static void require(Engine engine, Device... devices) {
        int gpus = engine.getGpuCount();
        for (Device device : devices) {
            if (device.isGpu() && device.getDeviceId() >= gpus) {
                throw new IllegalArgumentException(
                        device
                                + " does not exist: this machine has "
                                + gpus
                                + " GPUs for the engine");
            }
        }
    }
}
