package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * Ours: each replica keeps its own progress, and only its deviation from the mean is damped.
 *
 * <pre>z̄ = mean over replicas of z ;  x^a ← z − τ (z − z̄) + E ;  x = z̄ + E</pre>
 *
 * <p>E is the {@link OuterMomentum}'s. The mean is waited for. One vector of the model's length,
 * z̄; four with outer momentum.
 */
final class ConsensusCoupling extends Coupling {

    private final Mean means;
    private final NDArray mean;
    private final OuterMomentum outer;

    ConsensusCoupling(Context context, boolean coupled) {
        means = Means.of(context);
        State state = context.state();
        mean = state.equal(state.likeWeights("mean"));
        outer = OuterMomentum.of(context, coupled);
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate) {
        Vectors.copy(y, mean);
        means.start(mean);
        means.finish();
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
