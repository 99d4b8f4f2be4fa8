package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

/**
 * The mean over the replicas, exact or estimated from compressed messages: who takes it need not
 * know which. One mean may be under way at a time.
 */
abstract class Mean {

    /**
     * Begins to replace a vector by its mean over the replicas. Collective.
     *
     * @param vector one of the model's length, this mean's until {@link #finish}
     */
    abstract void start(NDArray vector);

    /**
     * Waits until the vector is the mean; does nothing where none is under way. Collective.
     *
     * @return whether one was under way
     */
    abstract boolean finish();
}
