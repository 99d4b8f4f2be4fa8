package org.parle.djl.training;

import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.vector.DeviceDoor;
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
     * @return some of the vectors given
     */
    static List<NDArray> combine(List<NDArray> devices, int devicesPerReplica) {
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

    /** Makes a replica's gradient what its algorithm takes, if it is finite. */
    static void prepare(NDArray gradient, Settings settings, int rank, long k) {
        if (!Vectors.finite(gradient)) {
            throw new TrainingDivergedException(
                    "training diverged: the gradient of replica "
                            + rank
                            + " is not finite at step "
                            + k
                            + "; a smaller learning rate or clipNorm may help");
        }
        Vectors.scale(settings.rescale(), gradient);
        if (settings.clip() > 0) {
            try (NDArray clipped = gradient.clip(-settings.clip(), settings.clip())) {
                Vectors.copy(clipped, gradient);
            }
        }
    }

    static void add(double factor, NDArray other, NDArray sum) {
        if (other.getDevice().equals(sum.getDevice())) {
            Vectors.add(factor, other, sum);
        } else {
            try (NDManager there = sum.getManager().newSubManager(sum.getDevice())) {
                Vectors.add(factor, DeviceDoor.near(other, there), sum);
            }
        }
    }
}
