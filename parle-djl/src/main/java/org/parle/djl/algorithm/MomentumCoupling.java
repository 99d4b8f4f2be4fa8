package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Vectors;

/**
 * The coupling of the Parle authors' own experiments, and with one replica and without ρ
 * Entropy-SGD (arXiv 1611.01838) as they arrange it:
 *
 * <pre>
 * z̄ = mean over replicas of z
 * d = (x^a − z) + (x^a − z̄)/ρ ;  m ← μ m + d ;  x^a ← x^a − η (d + μ m)
 * </pre>
 *
 * <p>x, the mean of x^a, is computed when somebody asks, and never compressed. z̄ is waited for.
 * Two vectors of the model's length, m and z̄ (x uses the same), and x^a.
 */
final class MomentumCoupling extends Coupling {

    private final Communicator communicator;
    private final Mean means;
    private final double momentum;
    private final NDArray m;
    private final NDArray mean;

    MomentumCoupling(Context context, boolean coupled) {
        communicator = context.communicator();
        means = coupled ? Means.of(context) : null;
        momentum = context.options().number("momentum");
        m = context.state().zeros("couplingMomentum");
        State state = context.state();
        mean = state.equal(state.likeWeights("mean"));
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate, boolean plain) {
        try (NDArray d = start.sub(y)) {
            if (means != null) {
                Vectors.copy(y, mean);
                means.start(mean);
                means.finish();
                try (NDArray apart = Vectors.difference(1 / rho, start, mean)) {
                    d.addi(apart);
                }
            }
            Vectors.scale(momentum, m);
            m.addi(d);
            Vectors.add(momentum, m, d);
            Vectors.copy(start, y);
            Vectors.add(-rate, d, y);
        }
    }

    @Override
    NDArray reference(NDArray start) {
        Vectors.copy(start, mean);
        communicator.allReduceMean(mean).await();
        return mean;
    }

    @Override
    double defaultAlpha() {
        return 0.75;
    }

    @Override
    boolean needsStart() {
        return true;
    }
}
