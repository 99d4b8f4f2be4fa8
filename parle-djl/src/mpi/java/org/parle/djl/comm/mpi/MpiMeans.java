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
    private final int size;
    private final MpiBuffers buffers;

    /** Means through a lane; null where there is none for them. */
    MpiMeans(MpiLane lane, Intracomm comm, int size, MpiBuffers buffers) {
        this.lane = lane;
        this.comm = comm;
        this.size = size;
        this.buffers = buffers;
    }

    /** Returns what there is to do for the mean of a vector that is given in pieces. */
    MpiWork of(List<FloatBuffer> pieces, String title, MpiCalls calls, MpiMeeting meeting) {
        if (lane != null) {
            return new MpiWindowAllReduce(lane, calls.nextNumber(), pieces);
        }
        // a lane compares calls by itself
        List<Mpi.Action<List<Request>>> stages = new ArrayList<>(meeting.stages());
        for (FloatBuffer piece : pieces) {
            new MpiAllReduce(comm, calls.nextTag(0), title, piece, buffers).addTo(stages);
        }
        return new MpiStages(stages);
    }

    /** Returns how many bytes that sends, and receives, here. */
    long bytes(List<FloatBuffer> pieces, long floats) {
        long sums = lane == null ? (long) pieces.size() * size * MpiChecksum.BYTES : 0;
        return 2L * (size - 1) * (Float.BYTES * floats + sums) / size;
    }

    @Override
    public String toString() {
        return lane == null ? "messages" : "shared memory";
    }
}
