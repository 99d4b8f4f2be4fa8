package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * Ours: {@link ConsensusCoupling} with the deviation of the synchronisation before, so that the
 * mean is taken beside the next L steps.
 *
 * <pre>
 * τ' = min(τ, 1/4) ;  x^a ← z − τ' e^a + E' ;  e^a ← z − z̄ once z̄ has arrived ;  x = z̄ + E'
 * </pre>
 *
 * <p>E' is the {@link OuterMomentum}'s of the synchronisation before. A deviation damped one round
 * late follows r² = r − τ', which decays fastest at τ' = 1/4. Two vectors of the model's length, e
 * and z̄; five with outer momentum.
 */
final class DelayedConsensusCoupling extends Coupling {

    private static final double MOST_DAMPING = 0.25;

    private final Mean means;
    private final NDArray deviation;
    private final NDArray mean;
    private final OuterMomentum outer;
    private boolean plainly;

    DelayedConsensusCoupling(Context context, boolean coupled) {
        means = Means.of(context);
        deviation = context.state().zeros("deviation");
        State state = context.state();
        mean = state.equal(state.likeWeights("mean"));
        outer = OuterMomentum.of(context, coupled);
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate, boolean plain) {
        settle();
        plainly = plain;
        Vectors.copy(y, mean);
        Vectors.add(-Math.min(tau, MOST_DAMPING), deviation, y);
        if (outer != null) {
            y.addi(outer.extra());
        }
        Vectors.copy(mean, deviation);
        means.start(mean);
    }

    @Override
    boolean followsWeights() {
        return true;
    }

    /** Until then {@code deviation} holds z, and {@code mean} belongs to {@code means}. */
    @Override
    void settle() {
        if (means.finish()) {
            deviation.subi(mean);
            if (outer != null) {
                outer.follow(mean, true, plainly);
            }
        }
    }
}
