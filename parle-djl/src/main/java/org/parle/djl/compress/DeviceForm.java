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
}
