package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

import mpi.MPI;

import org.parle.djl.comm.Implementations;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A vector as MPI sees it: pieces of at most so many entries, in direct memory. */
final class MpiVector {

    private final NDManager manager;
    private final List<NDArray> pieces = new ArrayList<>();
    private final List<FloatBuffer> buffers = new ArrayList<>();
    private final List<Boolean> copied = new ArrayList<>();

    MpiVector(NDArray vector, long pieceLength) {
        String engine = vector.getManager().getEngine().getEngineName();
        manager = NDManager.newBaseManager(vector.getDevice(), engine);
        for (long from = 0; from < vector.size(); from += pieceLength) {
            long to = Math.min(vector.size(), from + pieceLength);
            NDArray whole = vector.stopGradient();
            whole.attach(manager);
            add(vector.size() <= pieceLength ? whole : whole.get(new NDIndex("{}:{}", from, to)));
        }
    }

    private void add(NDArray piece) {
        FloatBuffer memory = Implementations.memory(piece);
        boolean own = memory == null;
        if (own) {
            memory = MPI.newFloatBuffer((int) piece.size());
            memory.put(piece.toFloatArray()).rewind();
        }
        pieces.add(piece);
        buffers.add(memory);
        copied.add(own);
    }

    List<FloatBuffer> buffers() {
        return buffers;
    }

    /** Writes copies back, divides, and lets go of the vector. */
    void finish(int divisor) {
        for (int i = 0; i < pieces.size(); i++) {
            NDArray piece = pieces.get(i);
            if (copied.get(i)) {
                piece.set(buffers.get(i).rewind());
            }
            if (divisor > 1) {
                piece.divi(divisor);
            }
        }
        manager.close();
    }
}
