package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import java.nio.LongBuffer;

/**
 * What a communicator has for its own as long as it is open: one of MPI's communicators and, where
 * there is one free, a lane of the window. All ranks agree on them: what one of them has not given
 * back yet, nobody takes.
 */
final class MpiConnection implements MpiWork, AutoCloseable {

    private static final int COMM = 0;
    private static final int LANE = 1;

    private final MpiComms comms;
    private final MpiWindow window;
    private final int number;
    private final LongBuffer free = MPI.newLongBuffer(2);
    private Request request;
    private boolean agreed;
    private Intracomm comm;
    private MpiLane lane;
    private int before;

    /**
     * A connection, not yet made.
     *
     * @param window null where there is none
     * @param number of the connection, from 0, the same on all ranks
     */
    MpiConnection(MpiComms comms, MpiWindow window, int number) {
        this.comms = comms;
        this.window = window;
        this.number = number;
    }

    @Override
    public Progress advance() throws MPIException {
        if (comms.turn() != number) {
            return Progress.NONE;
        }
        if (request == null) {
            free.put(COMM, comms.free()).put(LANE, window == null ? 0 : window.free());
            request = comms.agree(free);
            return Progress.SOME;
        }
        if (!request.test()) {
            return Progress.NONE;
        }
        if (!agreed) {
            agreed = true;
            lane = window == null ? null : window.take((int) free.get(LANE));
            comm = comms.take(free.get(COMM));
            if (comm == null) {
                // not dup, which would block all other calls until the others have come
                comm = MPI.COMM_WORLD.iDup();
                request = comm.getRequest();
                return Progress.SOME;
            }
        }
        comm.setErrhandler(MPI.ERRORS_RETURN);
        before = comms.use(comm, number);
        comms.next();
        return Progress.DONE;
    }

    Intracomm comm() {
        return comm;
    }

    /** Returns null where means go in messages. */
    MpiLane lane() {
        return lane;
    }

    /** Returns the number of the connection that had this communicator before. */
    int before() {
        return before;
    }

    /**
     * Leaves both to others; there must be nothing under way, and never was anything that failed.
     */
    @Override
    public void close() {
        comms.release(comm);
        if (lane != null) {
            window.release(lane);
        }
    }
}
