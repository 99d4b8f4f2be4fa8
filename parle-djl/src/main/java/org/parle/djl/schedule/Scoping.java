package org.parle.djl.schedule;

/**
 * Parle's scoping: a force that grows from synchronisation to synchronisation, since what it is
 * divided by falls, down to a floor.
 *
 * <pre>γ_t = max(floor, start · (1 − 1/(2B))^t)</pre>
 *
 * <p>Section 3.1 of Parle (arXiv 1707.00424). A start of 0 is no force at all, and bypasses the
 * floor.
 *
 * @param start γ₀, at least 0
 * @param floor the least γ, at least 0
 * @param stepsPerEpoch B, the steps of one replica in an epoch; at least 1 where there is a force
 */
public record Scoping(double start, double floor, int stepsPerEpoch) {

    /** No force. */
    public static final Scoping NONE = new Scoping(0, 0, 1);

    /**
     * Returns whether there is a force.
     *
     * @return false where start is 0
     */
    public boolean present() {
        return start > 0;
    }

    /**
     * Returns γ_t.
     *
     * @param t finished synchronisations, from 0
     * @return what the force is divided by; infinite where there is none
     */
    public double at(long t) {
        if (!present()) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(floor, start * Math.pow(1 - 1 / (2.0 * stepsPerEpoch), t));
    }
}
