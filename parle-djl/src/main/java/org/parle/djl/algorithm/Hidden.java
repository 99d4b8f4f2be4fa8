package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * A mean over the replicas that is under way while they take D steps more, and is applied then; one
 * at a time. Two vectors of the model's length, what was sent and its mean.
 */
final class Hidden {

    private static final String DUE = "correctionDue";

    private final State state;
    private final Mean means;
    private final NDArray sent;
    private final NDArray mean;

    /**
     * Makes it where the state stands.
     *
     * @param mean takes the mean
     */
    Hidden(State state, Mean means, NDArray mean) {
        this.state = state;
        this.means = means;
        this.mean = mean;
        sent = state.likeWeights("sent");
        state.counter(DUE);
    }

    /** Sends s, whose mean is applied at a step. Collective. */
    void send(NDArray s, long due) {
        Vectors.copy(s, sent);
        Vectors.copy(s, mean);
        means.start(mean);
        state.counter(DUE, due);
    }

    /** Returns whether a mean waits to be applied. */
    boolean isUnderWay() {
        return state.counter(DUE) > 0;
    }

    /** Returns whether a mean is to be applied at a step. */
    boolean isDue(long k) {
        return isUnderWay() && k >= state.counter(DUE);
    }

    /** Waits for the mean; it is applied by the caller. Collective. */
    void receive() {
        means.finish();
        state.counter(DUE, 0);
    }

    /** Returns s, after {@link #receive} the caller's to change. */
    NDArray sent() {
        return sent;
    }
}
