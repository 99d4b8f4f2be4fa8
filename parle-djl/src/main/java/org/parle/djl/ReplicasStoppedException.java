package org.parle.djl;

/**
 * Ends the training loop of every replica after {@link Replicas#stop}: all have taken the same
 * number of steps, and closing their trainers leaves the reference so far in the model.
 */
public final class ReplicasStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The last step that every replica took. */
    private final long steps;

    ReplicasStoppedException(long steps) {
        super("stopped on request after step " + steps);
        this.steps = steps;
    }

    /**
     * Returns how many steps each replica has taken.
     *
     * @return the number of the last step
     */
    public long getSteps() {
        return steps;
    }
}
