package org.parle.djl.comm.mpi;

import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import org.parle.djl.comm.CommunicationException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What all ranks do at the begin of a call, before any data moves: each tells all others what it
 * calls, for vectors of which length, so that nothing runs on sizes that were not compared. It ends
 * when all have called.
 */
final class MpiMeeting {

    private static final int LENGTH = 128;

    private final Comm comm;
    private final int tag;
    private final String title;
    private final int rank;
    private final int size;
    private final List<ByteBuffer> inboxes = new ArrayList<>();

    /**
     * A meeting of a communicator's ranks.
     *
     * @param title the call in words, which have to be the same on all ranks
     */
    MpiMeeting(Comm comm, int tag, String title) {
        this.comm = comm;
        this.tag = tag;
        this.title = title;
        rank = Mpi.call(comm::getRank);
        size = Mpi.call(comm::getSize);
    }

    List<Mpi.Action<List<Request>>> stages() {
        return List.of(this::swap, this::compare);
    }

    private List<Request> swap() throws MPIException {
        byte[] words = title.getBytes(StandardCharsets.UTF_8);
        ByteBuffer own = MPI.newByteBuffer(LENGTH).putInt(words.length).put(words);
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i < size; i++) {
            int from = (rank + size - i) % size;
            ByteBuffer inbox = MPI.newByteBuffer(LENGTH);
            inboxes.add(inbox);
            requests.add(comm.iRecv(inbox, LENGTH, MPI.BYTE, from, tag));
        }
        for (int i = 1; i < size; i++) {
            requests.add(comm.iSend(own, LENGTH, MPI.BYTE, (rank + i) % size, tag));
        }
        return requests;
    }

    private List<Request> compare() {
        for (int i = 1; i < size; i++) {
            ByteBuffer inbox = inboxes.get(i - 1);
            byte[] words = new byte[inbox.getInt(0)];
            inbox.get(Integer.BYTES, words);
            String theirs = new String(words, StandardCharsets.UTF_8);
            if (!theirs.equals(title)) {
                throw new CommunicationException(
                        disagreement((rank + size - i) % size, theirs, rank, title));
            }
        }
        return List.of();
    }

    /** Says that two ranks' calls do not belong together. */
    static String disagreement(int one, String called, int other, String otherCalled) {
        return "rank "
                + one
                + " called "
                + called
                + " where rank "
                + other
                + " called "
                + otherCalled
                + "; all ranks must make the same calls in the same order";
    }
}
