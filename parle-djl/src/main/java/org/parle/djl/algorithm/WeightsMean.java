package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Vectors;

/**
 * The mean over the replicas of their weights as they are: the reference of algorithms whose
 * replicas go on by themselves between synchronisations, so that no step is lost. Exact, no part of
 * the state, and no message.
 */
final class WeightsMean {

    private final State state;
    private final Communicator communicator;
    private NDArray vector;

    WeightsMean(Context context) {
        state = context.state();
        communicator = context.communicator();
    }

    /** Takes it once; good until {@link #release}. Collective. */
    NDArray take() {
        if (communicator.size() == 1) {
            return state.weights();
        }
        if (vector == null) {
            vector = state.constant();
            Vectors.copy(state.weights(), vector);
            communicator.allReduceMean(vector).await();
        }
        return vector;
    }

    /** Lets go of it, since the weights are about to change. */
    void release() {
        if (vector != null) {
            vector.close();
            vector = null;
        }
    }
}
