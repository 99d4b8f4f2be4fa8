package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * MPI's communicators that this job has made for its own, and which of them can be used again:
 * their number is limited, and giving one back to MPI would wait for all ranks.
 */
final class MpiComms {

    /** Whoever has none before, or none that is known. */
    static final int NOBODY = -1;

    /** As many as fit in one number; more that are open at once are used once each. */
    private static final int MOST = Long.SIZE;

    private final Intracomm job;
    private final List<Intracomm> made = new ArrayList<>();
    private final List<Integer> users = new ArrayList<>();
    private long free;
    private int turn;

    /** None so far; ranks agree on them through this one, which nobody else calls all ranks on. */
    MpiComms(Intracomm job) {
        this.job = job;
    }

    /** Returns how many there are. */
    synchronized int made() {
        return made.size();
    }

    /** Returns which connection may go on: they do one after another, in the same order for all. */
    synchronized int turn() {
        return turn;
    }

    /** Lets the next connection go on. */
    synchronized void next() {
        turn++;
    }

    /** Returns those that are free here, a bit for each. */
    synchronized long free() {
        return free;
    }

    /** Starts to find out which bits all ranks have. */
    Request agree(LongBuffer bits) throws MPIException {
        return job.iAllReduce(bits, bits.capacity(), MPI.LONG, MPI.BAND);
    }

    /** Takes the first of those that all ranks have free; null for none. */
    synchronized Intracomm take(long all) {
        long first = Long.lowestOneBit(all);
        free &= ~first;
        return first == 0 ? null : made.get(Long.numberOfTrailingZeros(first));
    }

    /** Notes who uses one, which may be new; returns who did before, and has left it everywhere. */
    synchronized int use(Intracomm comm, int user) {
        int index = made.indexOf(comm);
        if (index >= 0) {
            return users.set(index, user);
        }
        made.add(comm);
        users.add(user);
        return NOBODY;
    }

    /** Takes one back on which nothing is under way, and nothing has failed. */
    synchronized void release(Intracomm comm) {
        int index = made.indexOf(comm);
        if (index < MOST) {
            free |= 1L << index;
        }
    }
}
