package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * Ours: each replica keeps its own progress, and only its deviation from the mean is damped.
 *
 * <pre>z̄ = mean over replicas of z ;  x^a ← z − τ (z − z̄) + E ;  x = z̄ + E</pre>
 *
 * <p>E is the {@link OuterMomentum}'s. The mean is waited for, or hides behind the D steps after it
 * (related: LOSCAR-SGD, arXiv 2605.20866; Streaming DiLoCo, arXiv 2501.18512). These steps are
 * kept: with s = z at the synchronisation,
 *
 * <pre>y ← z, x^a ← z ;  D steps later  c = E − τ (s − z̄) ;  y ← y + c, z ← z + c, x^a ← x^a + c
 * </pre>
 *
 * <p>One vector of the model's length, z̄, but for one replica alone; four with outer momentum; one
 * more, s, with a delay.
 */
final class ConsensusCoupling extends Coupling {

    private final Mean means;
    private final NDArray mean;
    private final OuterMomentum outer;
    private final Hidden hidden;

    ConsensusCoupling(Context context, boolean coupled) {
        means = Means.of(context);
        State state = context.state();
        outer = OuterMomentum.of(context, coupled);
        boolean own = Compression.OF_MEANS.isNone(context.options()) && outer == null;
        boolean alone = context.communicator().size() == 1 && own;
        // one replica's mean is its z, which stays as it is
        mean = alone ? null : state.equal(state.likeWeights("mean"));
        boolean delayed = !alone && Rounds.areDelayed(context.options());
        hidden = delayed ? new Hidden(state, means, mean) : null;
    }

    @Override
    void couple(NDArray y, NDArray start, double tau, double rho, double rate, boolean plain) {
        if (mean == null) {
            return;
        }
        Vectors.copy(y, mean);
        means.start(mean);
        means.finish();
        Vectors.mix(tau, mean, y);
        if (outer != null) {
            outer.follow(mean, false, plain);
            y.addi(outer.extra());
        }
    }

    @Override
    boolean followsWeights() {
        return true;
    }

    /** Returns what hides the mean, null where it is waited for. */
    Hidden hidden() {
        return hidden;
    }

    /**
     * Returns the correction that a hidden mean brings, once it has come.
     *
     * @param tau τ of its synchronisation
     * @return c = E − τ (s − z̄), changed by the next one
     */
    NDArray correction(double tau) {
        NDArray c = hidden.sent();
        c.subi(mean);
        c.muli((float) -tau);
        if (outer != null) {
            outer.follow(mean, false, false);
            c.addi(outer.extra());
        }
        return c;
    }

    @Override
    void settle() {
        means.finish();
    }
}
