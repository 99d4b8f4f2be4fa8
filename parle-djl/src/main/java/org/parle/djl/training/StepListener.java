package org.parle.djl.training;

/** Hears of every step of a {@link Run}, on its body's thread. */
@FunctionalInterface
public interface StepListener {

    /**
     * A step was taken, on all replicas. Collective.
     *
     * @param last whether the run is stopped after it
     */
    void taken(boolean last);
}
