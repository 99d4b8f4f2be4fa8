package org.parle.djl.comm.mpi;

import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One message to each of some ranks and one from each, their lengths first. */
final class MpiMessages {

    private final Comm comm;
    private final int tag;
    private final int[] others;
    private final ByteBuffer own;
    private final IntBuffer ownLength;
    private final IntBuffer[] lengths;
    private final ByteBuffer[] messages;
    private final List<Request> sending = new ArrayList<>();

    MpiMessages(Comm comm, int tag, int[] others, ByteBuffer message) {
        this.comm = comm;
        this.tag = tag;
        this.others = others;
        int length = message.remaining();
        own = MPI.newByteBuffer(Math.max(1, length)).put(message.duplicate()).flip();
        ownLength = MPI.newIntBuffer(1).put(0, length);
        lengths = new IntBuffer[others.length];
        messages = new ByteBuffer[others.length];
    }

    List<Mpi.Action<List<Request>>> stages() {
        return List.of(this::swapLengths, this::swapMessages);
    }

    private List<Request> swapLengths() throws MPIException {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < others.length; i++) {
            lengths[i] = MPI.newIntBuffer(1);
            requests.add(comm.iRecv(lengths[i], 1, MPI.INT, others[i], tag));
            requests.add(comm.iSend(ownLength, 1, MPI.INT, others[i], tag));
            // a long one leaves when its receiver asks for it, so its end belongs to the next stage
            sending.add(comm.iSend(own, own.limit(), MPI.BYTE, others[i], tag + 1));
        }
        return requests;
    }

    private List<Request> swapMessages() throws MPIException {
        List<Request> requests = new ArrayList<>(sending);
        for (int i = 0; i < others.length; i++) {
            int theirs = lengths[i].get(0);
            messages[i] = MPI.newByteBuffer(Math.max(1, theirs)).limit(theirs);
            requests.add(comm.iRecv(messages[i], theirs, MPI.BYTE, others[i], tag + 1));
        }
        return requests;
    }

    long bytesSent() {
        return (long) others.length * own.limit();
    }

    long bytesReceived() {
        return Arrays.stream(messages).mapToLong(ByteBuffer::limit).sum();
    }

    /** Returns what came, in the order of the ranks given. */
    ByteBuffer[] received() {
        return Arrays.stream(messages).map(MpiMessages::forReading).toArray(ByteBuffer[]::new);
    }

    /** Returns what came, with this rank's own message at its place. */
    ByteBuffer[] withOwn(int rank) {
        List<ByteBuffer> all = new ArrayList<>(List.of(received()));
        all.add(rank, forReading(own));
        return all.toArray(ByteBuffer[]::new);
    }

    private static ByteBuffer forReading(ByteBuffer message) {
        return message.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
