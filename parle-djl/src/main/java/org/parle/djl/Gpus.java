package org.parle.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Refuses GPUs that are not there, where PyTorch would name its backends, one in each line. */
final class Gpus {

    private Gpus() {}

    static void require(Engine engine, Device... devices) {
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
