package org.parle.djl.training;

import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.Vectors;

import java.util.ArrayList;
import java.util.List;

/** Turns the gradients of a trainer's devices into those of its replicas, if they are finite. */
final class Gradients {

    private final Settings settings;
    private final List<Communicator> communicators;
    private final List<FiniteCheck> checks;

    Gradients(Settings settings, List<Communicator> communicators) {
        this.settings = settings;
        this.communicators = communicators;
        checks = communicators.stream().map(one -> new FiniteCheck(one.rank())).toList();
    }

    /** Returns what a replica's algorithm talks through: nothing leaves it that is not finite. */
    Communicator checked(int replica) {
        return new CheckedCommunicator(communicators.get(replica), checks.get(replica)::require);
    }

    /** Refuses to go on if a replica's newest gradient was not finite. */
    void requireFinite(int replica) {
        checks.get(replica).require();
    }

    /** Returns each device's gradient since the last step. */
    static List<NDArray> of(List<FlatModel> models) {
        return models.stream().map(model -> model.gradient().vector()).toList();
    }

    /**
     * Returns one gradient for each replica: the mean over its devices.
     *
     * @param devices each device's gradient; the first one of each replica is changed, and returned
     * @return some of the vectors given
     */
    List<NDArray> combine(List<NDArray> devices) {
        int each = settings.devicesPerReplica();
        if (each == 1) {
            return devices;
        }
        List<NDArray> means = new ArrayList<>();
        for (int i = 0; i < devices.size(); i += each) {
            NDArray mean = devices.get(i);
            for (int j = 1; j < each; j++) {
                add(1, devices.get(i + j), mean);
            }
            Vectors.scale(1.0 / each, mean);
            means.add(mean);
        }
        return means;
    }

    /** Takes step k of a replica's algorithm, with its gradient, which is changed. */
    void step(int replica, NDArray gradient, Algorithm algorithm, long k, float rate) {
        FiniteCheck check = checks.get(replica);
        check.begin(gradient, k);
        Vectors.scale(settings.rescale(), gradient);
        if (settings.clip() > 0) {
            try (NDArray clipped = gradient.clip(-settings.clip(), settings.clip())) {
                Vectors.copy(clipped, gradient);
            }
        }
        try {
            algorithm.step(gradient, rate);
        } catch (TrainingDivergedException e) {
            // of what went wrong first it is told
            check.require();
            throw e;
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
