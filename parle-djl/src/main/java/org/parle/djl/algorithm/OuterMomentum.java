package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Options;
import org.parle.djl.vector.Vectors;

/**
 * Carries the progress of the replicas' mean on, as DiLoCo's outer step does (arXiv 2311.08105).
 *
 * <pre>
 * p = z̄ − x ;  M ← μ_o M + p ;  E = η_o (p + μ_o M) − p ;  x ← z̄ + E
 * </pre>
 *
 * <p>With η_o = 1 and μ_o = 0, E is 0 and x is z̄ itself: then there is nothing to keep.
 */
final class OuterMomentum {

    private final double rate;
    private final double momentum;
    private final NDArray x;
    private final NDArray velocity;
    private final NDArray extra;

    private OuterMomentum(State state, double rate, double momentum) {
        this.rate = rate;
        this.momentum = momentum;
        x = state.equal(state.likeWeights("reference"));
        velocity = state.equal(state.zeros("outerMomentum"));
        extra = state.zeros("outerExtra");
    }

    /** Returns the outer momentum that the options ask for, null for none. */
    static OuterMomentum of(Context context, boolean coupled) {
        Options options = context.options();
        boolean several = context.communicator().size() > 1;
        double rate = options.number("outerLearningRate", 1);
        double momentum = options.number("outerMomentum", coupled && several ? 0.5 : 0);
        return rate == 1 && momentum == 0
                ? null
                : new OuterMomentum(context.state(), rate, momentum);
    }

    /**
     * Takes the new mean in.
     *
     * @param mean z̄
     * @param late whether the replicas went on with the extra step of the mean before, so that x is
     *     z̄ + E'
     * @param plain whether it is the plain mean, with E = 0 and without a change of M
     */
    void follow(NDArray mean, boolean late, boolean plain) {
        if (plain) {
            Vectors.copy(mean, x);
            if (late) {
                x.addi(extra);
            }
            extra.subi(extra);
            return;
        }
        try (NDArray p = mean.sub(x)) {
            Vectors.copy(mean, x);
            if (late) {
                x.addi(extra);
            }
            Vectors.scale(momentum, velocity);
            velocity.addi(p);
            Vectors.copy(p, extra);
            Vectors.add(momentum, velocity, extra);
            Vectors.scale(rate, extra);
            extra.subi(p);
            if (!late) {
                x.addi(extra);
            }
        }
    }

    /** Returns E, of the newest mean taken in; 0 at start. */
    NDArray extra() {
        return extra;
    }
}
