package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The processes of an Open MPI job, one rank each. Everything goes from the vectors' own memory, or
 * from a reused copy of it where they are on a GPU.
 *
 * <p><b>Bytes</b>, per call of d floats among n: {@link MpiAllReduce} 2(n &minus; 1)/n &middot; 4d
 * sent and received by each; broadcast 4d received by each but the root, and (n &minus; 1) &middot;
 * 4d counted at the root (MPI may pass them on from rank to rank); messages their length for each
 * receiver.
 */
final class MpiCommunicator implements Communicator {

    /** Below 2^31 bytes, where buffers end. */
    private static final int PIECE = 1 << 28;

    /** The smallest upper bound of tags in the standard, by four: a call has two, of two kinds. */
    private static final int TAGS = 8_000;

    private final MpiControl control;
    private final Intracomm comm;
    private final int id;
    private final int rank;
    private final int size;
    private final Duration timeout;
    private final int pieceLength;
    private final MpiBuffers buffers = new MpiBuffers();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile String title = "";

    /**
     * Connects this process with all others of its job. Collective.
     *
     * @param timeout how long a wait lasts at the most where none else is said
     */
    MpiCommunicator(Duration timeout) {
        this(timeout, PIECE);
    }

    /** Connects, for vectors sent in pieces of so many entries, the same for all. */
    MpiCommunicator(Duration timeout, int pieceLength) {
        this.timeout = timeout;
        this.pieceLength = pieceLength;
        control = Mpi.start();
        rank = control.rank();
        size = control.size();
        id = control.add(this);
        List<Intracomm> own = new ArrayList<>();
        // not dup, which would block all other calls until the others have come
        begin(
                        "connecting",
                        List.of(
                                () -> {
                                    own.add(MPI.COMM_WORLD.iDup());
                                    return List.of(own.get(0).getRequest());
                                }),
                        () -> null)
                .await();
        comm = own.get(0);
        Mpi.call(
                () -> {
                    comm.setErrhandler(MPI.ERRORS_RETURN);
                    return null;
                });
    }

    MpiControl control() {
        return control;
    }

    /** Returns the number of this communicator, the same on all ranks. */
    int id() {
        return id;
    }

    /** Returns how many calls were made; the newest has this number. */
    int calls() {
        return calls.get();
    }

    /** Returns what the newest call was. */
    String title() {
        return title;
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
        return timeout;
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        Implementations.checkVector(vector);
        throwIfAborted();
        MpiVector memory = new MpiVector(vector, pieceLength, buffers);
        List<Mpi.Action<List<Request>>> stages = new ArrayList<>();
        int tag = nextTag(0);
        for (FloatBuffer piece : memory.pieces()) {
            new MpiAllReduce(comm, tag, piece, buffers).addTo(stages);
        }
        long share = 2L * (size - 1) * Float.BYTES * vector.size() / size;
        return begin(
                "all-reduce of " + vector.size() + " floats",
                stages,
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
        throwIfAborted();
        MpiVector memory = new MpiVector(vector, pieceLength, buffers);
        long bytes = Float.BYTES * vector.size();
        return begin(
                "broadcast of " + vector.size() + " floats from rank " + root,
                List.of(
                        () -> {
                            List<Request> requests = new ArrayList<>();
                            for (FloatBuffer piece : memory.pieces()) {
                                requests.add(
                                        comm.iBcast(piece, piece.capacity(), MPI.FLOAT, root));
                            }
                            return requests;
                        }),
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
        throwIfAborted();
        MpiMessages messages = new MpiMessages(comm, nextTag(1), neighbours.clone(), message);
        return begin("exchange", messages.stages(), () -> take(messages).received());
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        Objects.requireNonNull(message, "message");
        throwIfAborted();
        // from rank to rank: a second collective would start at another place in each rank's order
        int[] others = IntStream.range(0, size).filter(other -> other != rank).toArray();
        MpiMessages messages = new MpiMessages(comm, nextTag(1), others, message);
        return begin("all-gather", messages.stages(), () -> take(messages).withOwn(rank));
    }

    private MpiMessages take(MpiMessages messages) {
        count(messages.bytesSent(), messages.bytesReceived());
        return messages;
    }

    @Override
    public Pending<Void> barrier() {
        throwIfAborted();
        return begin("barrier", List.of(() -> List.of(comm.iBarrier())), () -> null);
    }

    /** Different calls at the same place do not meet: the watch tells. */
    private int nextTag(int kind) {
        return 4 * (calls.get() % TAGS) + 2 * kind;
    }

    private <T> Pending<T> begin(
            String what, List<Mpi.Action<List<Request>>> stages, Supplier<T> result) {
        return begin(what, new MpiStages(stages), result);
    }

    private <T> Pending<T> begin(String what, MpiWork work, Supplier<T> result) {
        title = what;
        calls.incrementAndGet();
        MpiPending<T> pending = new MpiPending<>(this, what, work, result);
        // the first stage at once: MPI matches by order
        if (!pending.advance()) {
            Mpi.underWay(pending);
        }
        return pending;
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

    /** Lets all later calls fail. */
    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    void throwIfAborted() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw Implementations.ended(cause);
        }
    }

    /** Ends the whole job; the cause is the last line on the screen. */
    @Override
    public void abort(Throwable cause) {
        fail(Objects.requireNonNull(cause, "cause"));
        Mpi.abort(cause);
    }

    @Override
    public void close() {
        buffers.close();
    }

    @Override
    public String toString() {
        return "process " + rank + " of " + size;
    }
}
