package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The way that a communicator's means take: through a lane of the host's shared memory, or, between
 * hosts and where all lanes are taken, in messages.
 */
final class MpiMeans implements AutoCloseable {

    private final MpiWindow window;
    private final MpiBuffers buffers;
    private final IntBuffer free = MPI.newIntBuffer(1);
    private final int reserved;
    private MpiLane lane;
    private Intracomm comm;

    /** Means that have yet to agree on a lane of a window; null where there is none. */
    MpiMeans(MpiWindow window, MpiBuffers buffers) {
        this.window = window;
        this.buffers = buffers;
        reserved = window == null ? 0 : window.reserve();
        free.put(0, reserved);
    }

    /** Starts to find out which lanes all ranks have free. */
    List<Request> agree(Intracomm own) throws MPIException {
        comm = own;
        return List.of(comm.iAllReduce(free, 1, MPI.INT, MPI.BAND));
    }

    /** Takes the first of these. */
    void agreed() {
        if (window != null) {
            lane = window.keep(reserved, free.get(0));
        }
    }

    /** Returns what there is to do for the mean of a vector that is given in pieces. */
    MpiWork of(List<FloatBuffer> pieces, int tag, MpiMeeting meeting) {
        if (lane != null) {
            return new MpiWindowAllReduce(lane, pieces);
        }
        // a lane compares lengths by itself
        List<Mpi.Action<List<Request>>> stages = new ArrayList<>(meeting.stages());
        for (FloatBuffer piece : pieces) {
            new MpiAllReduce(comm, tag, piece, buffers).addTo(stages);
        }
        return new MpiStages(stages);
    }

    @Override
    public String toString() {
        return lane == null ? "messages" : "shared memory";
    }

    /** Leaves the lane to others; there must be nothing under way in it. */
    @Override
    public void close() {
        if (lane != null) {
            window.release(lane);
            lane = null;
        }
    }
}
