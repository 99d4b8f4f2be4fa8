package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * The paper's coupling (arXiv 1707.00424, equation 5c):
 *
 * <pre>x^a ← (1−τ) z + τ x ;  x ← mean over replicas of x^a</pre>
 *
 * <p>The new x is not needed before the next synchronisation: the mean is taken beside the next L
 * steps. One vector of the model's length, x.
 */
final class ProximalCoupling extends Coupling {

    private final Mean means;
    private final NDArray x;

    ProximalCoupling(Context context) {
        means = Means.of(context);
        State state = context.state();
        x = state.equal(state.likeWeights("reference"));
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate, boolean plain) {
        settle();
        Vectors.mix(tau, x, y);
        Vectors.copy(y, x);
        means.start(x);
    }

    @Override
    NDArray reference(NDArray start) {
        settle();
        return x;
    }

    @Override
    void settle() {
        means.finish();
    }

    @Override
    double defaultAlpha() {
        return 0.75;
    }
}
