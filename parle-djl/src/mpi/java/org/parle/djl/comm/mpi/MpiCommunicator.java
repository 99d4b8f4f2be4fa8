package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;

import mpi.Intracomm;
import mpi.Request;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The processes of an Open MPI job, one rank each. Everything goes from the vectors' own memory, or
 * from a reused copy of it where they are on a GPU; means of processes on one host go through
 * memory that they share.
 *
 * <p><b>Bytes</b>, per call of d floats among n: a mean 2(n &minus; 1)/n &middot; 4d sent and
 * received by each; broadcast 4d received by each but the root, and (n &minus; 1) &middot; 4d
 * counted at the root (MPI may pass them on from rank to rank); messages their length for each
 * receiver. Checksums add 4 bytes to each message and to each piece of a broadcast, and 2(n &minus;
 * 1) &middot; 4 to each piece of a mean that goes in messages. What the meeting before a call takes
 * is not counted.
 */
final class MpiCommunicator implements Communicator {

    /** As much as a mean in messages takes in besides: 64 MiB. */
    private static final int PIECE = 1 << 24;

    private final MpiCalls calls;
    private final MpiConnection connection;
    private final Intracomm comm;
    private final int rank;
    private final int size;
    private final int pieceLength;
    private final MpiBuffers buffers = new MpiBuffers();
    private final MpiMeans means;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    /**
     * Connects this process with all others of its job. Collective.
     *
     * @param timeout how long a wait lasts at the most where none else is said
     */
    MpiCommunicator(Duration timeout) {
        this(timeout, PIECE);
    }

    /** Connects, for vectors in pieces of so many entries, the same for all. */
    MpiCommunicator(Duration timeout, int pieceLength) {
        this.pieceLength = pieceLength;
        MpiControl control = Mpi.start();
        rank = control.rank();
        size = control.size();
        calls = new MpiCalls(control, timeout);
        connection = new MpiConnection(control.comms(), Mpi.window(), calls.id());
        calls.begin("connecting", connection, () -> null).await();
        control.forget(connection.before());
        comm = connection.comm();
        means = new MpiMeans(connection.lane(), comm, size, buffers);
    }

    /** Returns what its messages go through. */
    Intracomm comm() {
        return comm;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Duration timeout() {
        return calls.timeout();
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        Implementations.checkVector(vector);
        calls.check();
        MpiVector memory = new MpiVector(vector, pieceLength, buffers);
        long share = means.bytes(memory.pieces(), vector.size());
        String title = "all-reduce of " + vector.size() + " floats";
        return calls.begin(
                title,
                means.of(memory.pieces(), title, calls, meeting(title)),
                () -> {
                    count(share, share);
                    memory.close();
                    return null;
                });
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        Implementations.checkVector(vector);
        Implementations.checkRoot(root, size);
        calls.check();
        MpiVector memory = new MpiVector(vector, pieceLength, buffers);
        String title = "broadcast of " + vector.size() + " floats from rank " + root;
        MpiBroadcast broadcast = new MpiBroadcast(comm, title, rank == root, root, memory.pieces());
        long bytes = broadcast.bytes();
        List<Mpi.Action<List<Request>>> stages = new ArrayList<>(meeting(title).stages());
        stages.add(broadcast::start);
        stages.add(broadcast::check);
        return calls.begin(
                title,
                stages,
                () -> {
                    count(rank == root ? (size - 1) * bytes : 0, rank == root ? 0 : bytes);
                    memory.close();
                    return null;
                });
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        Implementations.checkNeighbours(neighbours, rank, size);
        Objects.requireNonNull(message, "message");
        calls.check();
        MpiMessages messages =
                new MpiMessages(comm, calls.nextTag(1), "exchange", neighbours.clone(), message);
        return calls.begin("exchange", messages.stages(), () -> take(messages).received());
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        Objects.requireNonNull(message, "message");
        calls.check();
        // from rank to rank: a second collective would start at another place in each rank's order
        int[] others = IntStream.range(0, size).filter(other -> other != rank).toArray();
        MpiMessages messages =
                new MpiMessages(comm, calls.nextTag(1), "all-gather", others, message);
        return calls.begin("all-gather", messages.stages(), () -> take(messages).withOwn(rank));
    }

    private MpiMessages take(MpiMessages messages) {
        count(messages.bytesSent(), messages.bytesReceived());
        return messages;
    }

    @Override
    public Pending<Void> barrier() {
        calls.check();
        return calls.begin("barrier", meeting("barrier").stages(), () -> null);
    }

    private MpiMeeting meeting(String title) {
        return new MpiMeeting(comm, calls.nextTag(MpiCalls.MEETING), title);
    }

    private void count(long out, long in) {
        sent.addAndGet(out);
        received.addAndGet(in);
    }

    @Override
    public long bytesSent() {
        return sent.get();
    }

    @Override
    public long bytesReceived() {
        return received.get();
    }

    /** Ends the whole job; the cause is the last line on the screen. */
    @Override
    public void abort(Throwable cause) {
        calls.fail(Objects.requireNonNull(cause, "cause"));
        Mpi.abort(cause);
    }

    @Override
    public void close() {
        // what was never awaited goes on, and keeps all this until then
        calls.close(
                () -> {
                    connection.close();
                    buffers.close();
                });
    }

    @Override
    public String toString() {
        return "process " + rank + " of " + size + ", means through " + means;
    }
}
