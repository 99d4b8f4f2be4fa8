package org.parle.djl;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

import java.util.ArrayList;
import java.util.List;

/** Turns the gradients of a trainer's devices into those of its replicas. */
final class Gradients {

    private Gradients() {}

    /**
     * Returns one gradient for each replica: the mean over its devices.
     *
     * @param devices each device's gradient; the first one of each replica is changed, and returned
     * @param devicesPerReplica how many devices are one replica
     * @param firstIsSum whether DJL's parameter server has added all others' to the first device's
     * @return some of the vectors given
     */
    static List<NDArray> combine(List<NDArray> devices, int devicesPerReplica, boolean firstIsSum) {
        if (firstIsSum) {
            devices.stream().skip(1).forEach(other -> add(-1, other, devices.get(0)));
        }
        if (devicesPerReplica == 1) {
            return devices;
        }
        List<NDArray> means = new ArrayList<>();
        for (int i = 0; i < devices.size(); i += devicesPerReplica) {
            NDArray mean = devices.get(i);
            for (int j = 1; j < devicesPerReplica; j++) {
                add(1, devices.get(i + j), mean);
            }
            Vectors.scale(1.0 / devicesPerReplica, mean);
            means.add(mean);
        }
        return means;
    }

    private static void add(double factor, NDArray other, NDArray sum) {
        if (other.getDevice().equals(sum.getDevice())) {
            Vectors.add(factor, other, sum);
        } else {
            try (NDArray here = other.toDevice(sum.getDevice(), true)) {
                Vectors.add(factor, here, sum);
            }
        }
    }
}
