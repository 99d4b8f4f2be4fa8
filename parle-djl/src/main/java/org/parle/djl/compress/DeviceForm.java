package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;

/**
 * A compressor in NDArray operations: the same bits as {@link Compressor} makes in main memory.
 *
 * <p>Arrays that are made on the way belong to the caller's scope.
 */
interface DeviceForm {

    /** Writes Q(u), and returns it; u is finite and stays as it is. */
    NDArray write(NDArray u, Draws.Sequence draws, DeviceWriter out);

    /** Reads Q(u) of d entries. */
    NDArray read(DeviceReader in, Draws.Sequence draws, int d);

    /** Returns &plusmn;magnitude, never &minus;0; negative is 0 or 1, in float32. */
    static NDArray signed(NDArray negative, NDArray magnitude) {
        return negative.mul(-2f).add(1f).mul(magnitude).add(0f);
    }
}
