package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.Vectors;

/** How far replicas are from one another. */
public final class ConsensusDistance {

    private ConsensusDistance() {}

    /**
     * Returns the mean over all replicas of ‖x_i − x̄‖, x̄ the mean of all x_i. Collective.
     *
     * @param replicas of this body
     * @return the same on all bodies
     */
    public static double of(LocalReplicas replicas) {
        double[] all = new double[replicas.count()];
        replicas.each(
                i ->
                        all[i] =
                                of(
                                        replicas.weights().get(i).vector(),
                                        replicas.communicators().get(i)));
        return all[0];
    }

    /**
     * Returns the mean over all replicas of ‖x_i − x̄‖, x̄ the mean of all x_i. Collective.
     *
     * @param x the replica's weights
     * @param communicator how it talks
     */
    static double of(NDArray x, Communicator communicator) {
        if (communicator.size() == 1) {
            return 0;
        }
        try (NDArray mean = x.getManager().zeros(x.getShape());
                NDArray distance = x.getManager().zeros(new Shape(1))) {
            Vectors.copy(x, mean);
            communicator.allReduceMean(mean).await();
            mean.subi(x);
            distance.addi(Vectors.norm(mean));
            communicator.allReduceMean(distance).await();
            return DeviceDoor.value(distance);
        }
    }
}
