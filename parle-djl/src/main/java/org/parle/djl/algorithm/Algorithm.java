package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import java.util.List;

/**
 * An algorithm at work on one replica: a local step for every mini-batch, a synchronisation with
 * the other replicas when it is due, and the reference, the one model that comes out.
 *
 * <p>All replicas of a group take the same number of steps, each calling {@link #step} and {@link
 * #reference} in the same order. Used by one thread at a time, with gradient mode off.
 */
public abstract class Algorithm {

    /** What every algorithm's state calls k, the count of its mini-batch steps. */
    public static final String STEP = "step";

    private static final String MESSAGE_BITS = "messageBits";

    /** What every algorithm's state calls the bytes that it has sent to each receiver. */
    public static final String MESSAGE_BYTES = "messageBytes";

    private final State state;

    /**
     * Creates the base of an algorithm.
     *
     * @param context what the algorithm works with
     */
    protected Algorithm(Context context) {
        state = context.state();
        List.of(STEP, MESSAGE_BITS, MESSAGE_BYTES).forEach(state::counter);
    }

    /**
     * Takes one mini-batch step, and synchronises if that is due. Advances k by one.
     *
     * @param gradient the mini-batch gradient at the weights, as long as they are; it may be
     *     changed, and stays the caller's
     * @param learningRate &eta; of this step
     */
    public final void step(NDArray gradient, double learningRate) {
        state.counter(STEP, steps() + 1);
        state.counter(MESSAGE_BITS, 0);
        update(gradient, learningRate);
    }

    /**
     * Does the work of a step; k is this step's number already.
     *
     * @param gradient the mini-batch gradient, free to be changed
     * @param learningRate &eta; of this step
     */
    protected abstract void update(NDArray gradient, double learningRate);

    /**
     * Returns the reference. Collective: all replicas must call it.
     *
     * @return the vector itself, valid until the next step; not to be changed
     */
    public abstract NDArray reference();

    /** Waits for communication in flight, so that the state is complete. Collective. */
    public void settle() {}

    /**
     * Settles, and applies a correction that is under way ahead of its step, since no later step
     * may be able to. Collective.
     *
     * @return whether there was one
     */
    public final boolean catchUp() {
        settle();
        return correct();
    }

    /**
     * Applies the correction that is under way, if there is one. Collective.
     *
     * @return whether there was one
     */
    protected boolean correct() {
        return false;
    }

    /**
     * Ends after the newest step: what is still to be done for the reference is done, so that no
     * step is lost. Collective.
     *
     * @param learningRate &eta; of the newest step
     * @return whether the reference may be another now
     */
    public boolean finish(double learningRate) {
        return catchUp();
    }

    /**
     * Returns how many mini-batch steps were taken.
     *
     * @return k, the number of the newest step
     */
    public final long steps() {
        return state.counter(STEP);
    }

    /**
     * Returns how many synchronisations were finished.
     *
     * @return t
     */
    public abstract long synchronisations();

    /**
     * Counts a message that this step sends; where it goes to several replicas, once. All-reduces
     * are no messages.
     *
     * @param state the algorithm's
     * @param bits its length, before rounding up to bytes
     */
    protected static void sent(State state, long bits) {
        state.counter(MESSAGE_BITS, bits);
        state.counter(MESSAGE_BYTES, state.counter(MESSAGE_BYTES) + (bits + 7) / 8);
    }

    /**
     * Returns how long the newest step's message to one receiver was.
     *
     * @return bits, before rounding up to bytes; 0 where that step sent none
     */
    public final long messageBits() {
        return state.counter(MESSAGE_BITS);
    }

    /**
     * Returns what was sent to each receiver so far: each neighbour's share, or with messages to
     * all each other replica's.
     *
     * @return bytes of all steps together
     */
    public final long messageBytes() {
        return state.counter(MESSAGE_BYTES);
    }

    /**
     * Returns all that the algorithm remembers.
     *
     * @return the state, complete after {@link #settle}
     */
    public final State state() {
        return state;
    }
}
