package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.Request;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The way that a communicator's means take: through a lane of the host's shared memory, or, between
 * hosts and where all lanes are taken, in messages.
 */
final class MpiMeans {

    private final MpiLane lane;
    private final Intracomm comm;
    private final MpiBuffers buffers;

    /** Means through a lane; null where there is none for them. */
    MpiMeans(MpiLane lane, Intracomm comm, MpiBuffers buffers) {
        this.lane = lane;
        this.comm = comm;
        this.buffers = buffers;
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
}
