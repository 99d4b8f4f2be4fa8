package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;

import mpi.Comm;
import mpi.MPI;
import mpi.Request;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The processes of an Open MPI job, one rank each. Calls are MPI's non-blocking collectives on the
 * vector's own memory; messages go from rank to rank, their lengths first.
 */
public final class MpiCommunicator implements Communicator {

    /** Below 2^31 bytes, where buffers end. */
    private static final long PIECE = 1L << 28;

    /** The smallest upper bound of tags in the standard, halved: lengths and messages. */
    private static final int TAGS = 16_000;

    private final Comm comm;
    private final int rank;
    private final int size;
    private final Duration timeout;
    private final long pieceLength;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private int calls;
    private long sent;
    private long received;

    /**
     * Connects this process with all others of its job, for vectors sent in pieces. Collective.
     *
     * @param timeout how long a wait lasts at the most where none else is said
     * @param pieceLength entries of a piece at the most, the same for all
     */
    public MpiCommunicator(Duration timeout, long pieceLength) {
        Mpi.init();
        this.timeout = timeout;
        this.pieceLength = pieceLength;
        comm =
                Mpi.call(
                        () -> {
                            Comm own = MPI.COMM_WORLD.dup();
                            own.setErrhandler(MPI.ERRORS_RETURN);
                            return own;
                        });
        rank = Mpi.call(comm::getRank);
        size = Mpi.call(comm::getSize);
    }

    /**
     * Connects this process with all others of its job. Collective.
     *
     * @param timeout how long a wait lasts at the most where none else is said
     */
    public MpiCommunicator(Duration timeout) {
        this(timeout, PIECE);
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
        MpiVector memory = new MpiVector(vector, pieceLength);
        long bytes = Float.BYTES * vector.size();
        // what a rank moves when each reduces a share: all ranks together 2(n - 1) vectors
        long share = 2L * (size - 1) * bytes / size;
        sent += share;
        received += share;
        return start(
                "all-reduce of " + vector.size() + " floats",
                () -> {
                    List<Request> requests = new ArrayList<>();
                    for (FloatBuffer piece : memory.buffers()) {
                        requests.add(comm.iAllReduce(piece, piece.capacity(), MPI.FLOAT, MPI.SUM));
                    }
                    return requests;
                },
                () -> memory.finish(size));
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        Implementations.checkVector(vector);
        Implementations.checkRoot(root, size);
        MpiVector memory = new MpiVector(vector, pieceLength);
        long bytes = Float.BYTES * vector.size();
        sent += rank == root ? (size - 1) * bytes : 0;
        received += rank == root ? 0 : bytes;
        return start(
                "broadcast of " + vector.size() + " floats from rank " + root,
                () -> {
                    List<Request> requests = new ArrayList<>();
                    for (FloatBuffer piece : memory.buffers()) {
                        requests.add(comm.iBcast(piece, piece.capacity(), MPI.FLOAT, root));
                    }
                    return requests;
                },
                () -> memory.finish(1));
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        Implementations.checkNeighbours(neighbours, rank, size);
        Objects.requireNonNull(message, "message");
        return swap("exchange", neighbours.clone(), message, false);
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        Objects.requireNonNull(message, "message");
        // from rank to rank: a second collective would start at another place in each rank's order
        int[] others = IntStream.range(0, size).filter(other -> other != rank).toArray();
        return swap("all-gather", others, message, true);
    }

    private Pending<ByteBuffer[]> swap(
            String title, int[] others, ByteBuffer message, boolean withOwn) {
        throwIfAborted();
        int length = message.remaining();
        ByteBuffer own = MPI.newByteBuffer(Math.max(1, length)).put(message.duplicate());
        own.flip();
        IntBuffer ownLength = MPI.newIntBuffer(1).put(0, length);
        IntBuffer[] lengths = new IntBuffer[others.length];
        ByteBuffer[] messages = new ByteBuffer[others.length];
        int tag = 2 * (calls++ % TAGS);
        Mpi.Action<List<Request>> first =
                () -> {
                    List<Request> requests = new ArrayList<>();
                    for (int i = 0; i < others.length; i++) {
                        lengths[i] = MPI.newIntBuffer(1);
                        requests.add(comm.iRecv(lengths[i], 1, MPI.INT, others[i], tag));
                        requests.add(comm.iSend(ownLength, 1, MPI.INT, others[i], tag));
                        requests.add(comm.iSend(own, length, MPI.BYTE, others[i], tag + 1));
                    }
                    return requests;
                };
        Mpi.Action<List<Request>> second =
                () -> {
                    List<Request> requests = new ArrayList<>();
                    for (int i = 0; i < others.length; i++) {
                        int theirs = lengths[i].get(0);
                        messages[i] = MPI.newByteBuffer(Math.max(1, theirs)).limit(theirs);
                        requests.add(
                                comm.iRecv(messages[i], theirs, MPI.BYTE, others[i], tag + 1));
                    }
                    return requests;
                };
        // a long message leaves only when its receiver asks for it, so its end is waited for later
        List<Request> sending = new ArrayList<>();
        Mpi.Action<List<Request>> lengthsOnly =
                () -> {
                    List<Request> lengthRequests = new ArrayList<>();
                    List<Request> all = first.run();
                    for (int i = 0; i < all.size(); i++) {
                        (i % 3 == 2 ? sending : lengthRequests).add(all.get(i));
                    }
                    return lengthRequests;
                };
        Mpi.Action<List<Request>> messagesAll =
                () -> {
                    List<Request> requests = second.run();
                    requests.addAll(sending);
                    return requests;
                };
        return begin(
                title,
                List.of(lengthsOnly, messagesAll),
                () -> {
                    List<ByteBuffer> all = new ArrayList<>();
                    for (ByteBuffer each : messages) {
                        received += each.remaining();
                        all.add(each.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
                    }
                    sent += (long) others.length * length;
                    if (withOwn) {
                        all.add(rank, own.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
                    }
                    return all.toArray(new ByteBuffer[0]);
                });
    }

    @Override
    public Pending<Void> barrier() {
        return start("barrier", () -> List.of(comm.iBarrier()), () -> {});
    }

    private Pending<Void> start(String title, Mpi.Action<List<Request>> stage, Runnable end) {
        throwIfAborted();
        return begin(
                title,
                List.of(stage),
                () -> {
                    end.run();
                    return null;
                });
    }

    private <T> Pending<T> begin(
            String title,
            List<Mpi.Action<List<Request>>> stages,
            Supplier<T> result) {
        MpiPending<T> pending = new MpiPending<>(this, title, stages, result);
        // the first stage at once: MPI matches collectives by their order
        if (!pending.advance()) {
            Mpi.underWay(pending);
        }
        return pending;
    }

    @Override
    public long bytesSent() {
        return sent;
    }

    @Override
    public long bytesReceived() {
        return received;
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
        if (failure.compareAndSet(null, Objects.requireNonNull(cause, "cause"))) {
            System.err.println("replica " + rank + " failed: " + cause);
            System.err.flush();
            Mpi.call(
                    () -> {
                        MPI.COMM_WORLD.abort(1);
                        return null;
                    });
        }
    }

    @Override
    public void close() {}
}
