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
     */
    abstract void couple(NDArray y, NDArray start, double tau, double rho, double rate);

    /** Returns x; collective. */
    abstract NDArray reference(NDArray start);

    /** Waits for an all-reduce in flight; collective. */
    void settle() {}

    double defaultAlpha() {
        return 0;
    }

    boolean needsStart() {
        return false;
    }
}
