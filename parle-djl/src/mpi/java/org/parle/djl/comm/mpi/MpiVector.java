package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Implementations;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Vectors;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * A vector as MPI sees it: pieces of main memory of at most so many entries. They are the vector's
 * own memory, or that of a reused copy where it is on a GPU or not contiguous.
 */
final class MpiVector implements AutoCloseable {

    private final MpiBuffers buffers;
    private final NDArray vector;
    private final List<FloatBuffer> pieces;
    private NDArray copy;

    MpiVector(NDArray given, int pieceLength, MpiBuffers buffers) {
        this.buffers = buffers;
        vector = buffers.handle(given);
        List<FloatBuffer> own = Implementations.pieces(vector, pieceLength);
        if (own == null) {
            copy = buffers.takeHost(vector);
            GradientMode.off(() -> Vectors.copy(vector, copy));
            own = Implementations.pieces(copy, pieceLength);
        }
        pieces = own;
    }

    List<FloatBuffer> pieces() {
        return pieces;
    }

    /** Writes a copy back, and lets go of the vector. */
    @Override
    public void close() {
        if (copy != null) {
            GradientMode.off(() -> Vectors.copy(copy, vector));
            buffers.giveHost(copy);
        }
        vector.close();
    }
}
