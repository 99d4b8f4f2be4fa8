package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

/**
 * How Parle's replicas are held together at a synchronisation.
 *
 * <p>τ = (1/ρ) / (1/γ + 1/ρ): γ/(γ+ρ) with both forces, 1 with ρ only, 0 without ρ.
 */
abstract class Coupling {

    /**
     * Turns the average of a round into where the next one starts.
     *
     * @param y holds z, and is given x^a, in place
     * @param start x^a of the round that ends; null where neither γ nor the coupling needs it
     * @param tau τ of this synchronisation
     * @param rho ρ of this synchronisation, infinite where there is none
     * @param rate η of this step
     * @param plain whether the mean's progress is not carried on
     */
    abstract void couple(
            NDArray y, NDArray start, double tau, double rho, double rate, boolean plain);

    /** Returns whether x is the mean of the weights as they are. */
    boolean followsWeights() {
        return false;
    }

    /** Returns x, if it does not follow the weights; collective. */
    NDArray reference(NDArray start) {
        throw new IllegalStateException("the reference is the mean of the weights");
    }

    /** Waits for an all-reduce in flight; collective. */
    void settle() {}

    double defaultAlpha() {
        return 0;
    }

    boolean needsStart() {
        return false;
    }
}
