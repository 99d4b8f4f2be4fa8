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

/** One message to each of some ranks and one from each, their lengths and checksums first. */
final class MpiMessages {

    /** The length and the checksum. */
    private static final int HEAD = 2;

    private final Comm comm;
    private final int tag;
    private final int[] others;
    private final ByteBuffer own;
    private final String title;
    private final IntBuffer ownHead;
    private final IntBuffer[] heads;
    private final ByteBuffer[] messages;
    private final List<Request> sending = new ArrayList<>();

    MpiMessages(Comm comm, int tag, String title, int[] others, ByteBuffer message) {
        this.comm = comm;
        this.title = title;
        this.tag = tag;
        this.others = others;
        int length = message.remaining();
        own = MPI.newByteBuffer(Math.max(1, length)).put(message.duplicate()).flip();
        ownHead = MPI.newIntBuffer(HEAD).put(0, length).put(1, MpiChecksum.of(own));
        heads = new IntBuffer[others.length];
        messages = new ByteBuffer[others.length];
    }

    List<Mpi.Action<List<Request>>> stages() {
        return List.of(this::swapHeads, this::swapMessages, this::check);
    }

    private List<Request> swapHeads() throws MPIException {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < others.length; i++) {
            heads[i] = MPI.newIntBuffer(HEAD);
            requests.add(comm.iRecv(heads[i], HEAD, MPI.INT, others[i], tag));
            requests.add(comm.iSend(ownHead, HEAD, MPI.INT, others[i], tag));
            // a long one leaves when its receiver asks for it, so its end belongs to the next stage
            sending.add(comm.iSend(own, own.limit(), MPI.BYTE, others[i], tag + 1));
        }
        return requests;
    }

    private List<Request> swapMessages() throws MPIException {
        List<Request> requests = new ArrayList<>(sending);
        for (int i = 0; i < others.length; i++) {
            int theirs = heads[i].get(0);
            messages[i] = MPI.newByteBuffer(Math.max(1, theirs)).limit(theirs);
            requests.add(comm.iRecv(messages[i], theirs, MPI.BYTE, others[i], tag + 1));
        }
        return requests;
    }

    private List<Request> check() {
        for (int i = 0; i < others.length; i++) {
            MpiChecksum.check(title, others[i], heads[i].get(1), MpiChecksum.of(messages[i]));
        }
        return List.of();
    }

    long bytesSent() {
        return others.length * ((long) own.limit() + MpiChecksum.BYTES);
    }

    long bytesReceived() {
        return Arrays.stream(messages).mapToLong(m -> m.limit() + MpiChecksum.BYTES).sum();
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
