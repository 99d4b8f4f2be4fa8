package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/** One rank's vector for all, with a checksum of each piece. */
final class MpiBroadcast {

    private final Intracomm comm;
    private final String title;
    private final boolean isRoot;
    private final int root;
    private final List<FloatBuffer> pieces;
    private final IntBuffer sums;

    MpiBroadcast(Intracomm comm, String title, boolean isRoot, int root, List<FloatBuffer> pieces) {
        this.comm = comm;
        this.title = title;
        this.isRoot = isRoot;
        this.root = root;
        this.pieces = pieces;
        sums = MPI.newIntBuffer(pieces.size());
    }

    /** Returns how many bytes each rank gets. */
    long bytes() {
        return pieces.stream()
                .mapToLong(piece -> (long) piece.capacity() * Float.BYTES + MpiChecksum.BYTES)
                .sum();
    }

    List<Request> start() throws MPIException {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            FloatBuffer piece = pieces.get(i);
            if (isRoot) {
                sums.put(i, MpiChecksum.of(piece));
            }
            requests.add(comm.iBcast(piece, piece.capacity(), MPI.FLOAT, root));
        }
        requests.add(comm.iBcast(sums, sums.capacity(), MPI.INT, root));
        return requests;
    }

    List<Request> check() {
        for (int i = 0; i < pieces.size(); i++) {
            MpiChecksum.check(title, root, sums.get(i), MpiChecksum.of(pieces.get(i)));
        }
        return List.of();
    }
}
