package org.parle.djl;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Vectors;

import java.util.ArrayList;
import java.util.List;

/** Gathers gradients from a trainer's devices, and sets them to zero. */
final class Gradients {

    private Gradients() {}

    /**
     * Returns one gradient for each replica: the mean over its devices.
     *
     * @param arrays for each device the parameters' arrays
     * @param devicesPerReplica how many devices are one replica
     * @param firstIsSum whether DJL's parameter server has added all others' to the first device's
     * @return vectors that the caller closes
     */
    static List<NDArray> take(
            List<List<NDArray>> arrays, int devicesPerReplica, boolean firstIsSum) {
        return GradientMode.off(
                () -> {
                    List<NDArray> gradients = new ArrayList<>();
                    for (List<NDArray> device : arrays) {
                        gradients.add(FlatModel.takeGradient(device));
                    }
                    if (firstIsSum) {
                        NDArray sum = gradients.get(0);
                        gradients.stream().skip(1).forEach(other -> add(-1, other, sum));
                    }
                    if (devicesPerReplica == 1) {
                        return gradients;
                    }
                    List<NDArray> means = new ArrayList<>();
                    for (int i = 0; i < gradients.size(); i += devicesPerReplica) {
                        NDArray mean = gradients.get(i);
                        for (int j = 1; j < devicesPerReplica; j++) {
                            try (NDArray other = gradients.get(i + j)) {
                                add(1, other, mean);
                            }
                        }
                        Vectors.scale(1.0 / devicesPerReplica, mean);
                        means.add(mean);
                    }
                    return means;
                });
    }

    private static void add(double factor, NDArray other, NDArray sum) {
        NDArray here = other.toDevice(sum.getDevice(), false);
        Vectors.add(factor, here, sum);
        if (here != other) {
            here.close();
        }
    }
}
