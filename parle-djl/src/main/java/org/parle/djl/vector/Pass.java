package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;

/**
 * One way through vectors of the same length, all of them at the same entries. What was asked for
 * is good until the pass goes on to the next entries.
 */
public interface Pass {

    /**
     * Returns the entries of a vector.
     *
     * @param vector as long as the others, on their device
     * @return always the same for the same vector
     */
    Piece of(NDArray vector);

    /**
     * Returns as many entries that belong to no vector.
     *
     * @return others at each call, of any values
     */
    Piece scratch();
}
