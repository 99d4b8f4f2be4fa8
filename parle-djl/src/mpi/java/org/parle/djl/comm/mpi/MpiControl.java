package org.parle.djl.comm.mpi;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;

import org.parle.djl.comm.CommunicationException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What ranks tell one another beside their calls: that they end, and, to one that waits long, at
 * which call they are. The answer comes from a thread of its own, so a rank that computes answers,
 * and one that is stopped or cut off does not.
 */
final class MpiControl {

    /** The newest call of a rank on a communicator, and when it told. */
    record Place(int number, String title, long nanos) {}

    private record Key(int communicator, int rank) {}

    private record Sent(Request request, ByteBuffer message) {}

    /** Whoever asks for this one's calls only wants an answer. */
    static final int NO_COMMUNICATOR = -1;

    private static final int LEFT = 0;
    private static final int ASK = 1;
    private static final int ANSWER = 2;
    private static final int FAILED = 3;
    private static final int TAG = 0;
    private static final int LENGTH = 256;
    private static final int TITLE = 200;

    private final Intracomm comm;
    private final MpiComms comms;
    private final int rank;
    private final int size;
    private final Map<Integer, MpiCalls> communicators = new HashMap<>();
    private final Map<Key, Place> places = new HashMap<>();
    private final Map<Integer, Long> left = new HashMap<>();
    private final List<Sent> sending = new ArrayList<>();
    private final ByteBuffer inbox = MPI.newByteBuffer(LENGTH);
    private int added;

    MpiControl(Intracomm comm) throws MPIException {
        this.comm = comm;
        comm.setErrhandler(MPI.ERRORS_RETURN);
        comms = new MpiComms(comm);
        rank = comm.getRank();
        size = comm.getSize();
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    /** Takes a communicator in; all ranks do in the same order. Returns its number. */
    synchronized int add(MpiCalls communicator) {
        communicators.put(added, communicator);
        return added++;
    }

    /** Lets go of a communicator that all ranks have closed. */
    synchronized void forget(int communicator) {
        if (communicators.remove(communicator) != null) {
            places.keySet().removeIf(key -> key.communicator() == communicator);
        }
    }

    /** Returns how many communicators are known. */
    synchronized int known() {
        return communicators.size();
    }

    /** Returns MPI's communicators that were made for these. */
    MpiComms comms() {
        return comms;
    }

    /** Returns the newest that is known of a rank, null for nothing. */
    synchronized Place place(int communicator, int of) {
        return places.get(new Key(communicator, of));
    }

    /** Returns when a rank told that it ends, null if it has not. */
    synchronized Long left(int of) {
        return left.get(of);
    }

    /** Returns the ranks that have not told that they end. */
    synchronized List<Integer> notLeft() {
        return IntStream.range(0, size)
                .filter(other -> other != rank && !left.containsKey(other))
                .boxed()
                .toList();
    }

    /** Asks all others at which call of a communicator they are. */
    void ask(int communicator) {
        Mpi.call(
                () -> {
                    tell(ASK, communicator, 0, "");
                    return null;
                });
    }

    /** Tells all others that this rank makes no more calls. */
    void leave() {
        Mpi.call(
                () -> {
                    tell(LEFT, 0, 0, "");
                    return null;
                });
    }

    /** Tells all others that this rank ends the job; under the lock. */
    void fail() throws MPIException {
        tell(FAILED, 0, 0, "");
    }

    /** Reads what has come, and answers. */
    void poll() {
        Mpi.call(
                () -> {
                    receive();
                    return null;
                });
    }

    private void tell(int kind, int communicator, int number, String title) throws MPIException {
        for (int other = 0; other < size; other++) {
            if (other != rank) {
                send(other, kind, communicator, number, title);
            }
        }
    }

    private void send(int to, int kind, int communicator, int number, String title)
            throws MPIException {
        ByteBuffer message = MPI.newByteBuffer(LENGTH);
        byte[] text = title.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(TITLE, text.length);
        message.putInt(kind).putInt(communicator).putInt(number).putInt(length);
        message.put(text, 0, length);
        synchronized (this) {
            sending.add(new Sent(comm.iSend(message, LENGTH, MPI.BYTE, to, TAG), message));
        }
    }

    private void receive() throws MPIException {
        synchronized (this) {
            for (int i = sending.size() - 1; i >= 0; i--) {
                if (sending.get(i).request().test()) {
                    sending.remove(i);
                }
            }
        }
        Status status = comm.iProbe(MPI.ANY_SOURCE, TAG);
        while (status != null) {
            comm.recv(inbox, LENGTH, MPI.BYTE, status.getSource(), TAG);
            take(status.getSource(), inbox.duplicate().order(inbox.order()).rewind());
            status = comm.iProbe(MPI.ANY_SOURCE, TAG);
        }
    }

    private synchronized void take(int from, ByteBuffer message) throws MPIException {
        int kind = message.getInt();
        int id = message.getInt();
        int number = message.getInt();
        byte[] title = new byte[message.getInt()];
        message.get(title);
        switch (kind) {
            case LEFT -> left.put(from, System.nanoTime());
            case ASK -> {
                MpiCalls asked = communicators.get(id);
                if (asked == null) {
                    send(from, ANSWER, id, 0, "");
                } else {
                    MpiCalls.Newest newest = asked.newest();
                    send(from, ANSWER, id, newest.number(), newest.title());
                }
            }
            case ANSWER ->
                    places.put(
                            new Key(id, from),
                            new Place(
                                    number,
                                    new String(title, StandardCharsets.UTF_8),
                                    System.nanoTime()));
            case FAILED -> Mpi.quietEnd();
            default -> throw new CommunicationException("rank " + from + " sent nonsense");
        }
    }
}
