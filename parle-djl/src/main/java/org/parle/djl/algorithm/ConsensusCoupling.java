package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Vectors;

/**
 * Ours: each replica keeps its own progress, and only its deviation from the mean is damped.
 *
 * <pre>z̄ = mean over replicas of z ;  x^a ← z − τ (z − z̄) + E ;  x = z̄ + E</pre>
 *
 * <p>E is the {@link OuterMomentum}'s. The all-reduce is waited for. One vector of the model's
 * length, z̄; four with outer momentum.
 */
final class ConsensusCoupling extends Coupling {

    private final Communicator communicator;
    private final NDArray mean;
    private final OuterMomentum outer;

    ConsensusCoupling(Context context, boolean coupled) {
        communicator = context.communicator();
        mean = context.state().likeWeights("mean");
        outer = OuterMomentum.of(context, coupled);
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate) {
        Vectors.copy(y, mean);
        communicator.allReduceMean(mean).await();
        Vectors.mix(tau, mean, y);
        if (outer != null) {
            outer.follow(mean, false);
            y.addi(outer.extra());
        }
    }

    @Override
    NDArray reference(NDArray start) {
        return outer == null ? mean : outer.reference();
    }
}
