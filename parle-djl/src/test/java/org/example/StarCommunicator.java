package org.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** All calls, made of one: everybody's bytes, in rank order. */
final class StarCommunicator implements Communicator {

    private final int rank;
    private final int size;
    private final Duration timeout;
    private final StarLinks links;
    // one call after another, beside the thread that computes
    private final ExecutorService calls =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread thread = new Thread(task, "star");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Throwable failure;

    StarCommunicator(int rank, int size, int port, Duration timeout) {
        this.rank = rank;
        this.size = size;
        this.timeout = timeout;
        links = new StarLinks(rank, size, port, timeout);
    }

    private <T> Pending<T> start(byte[] own, Function<byte[][], T> end) {
        return new Started<>(calls.submit(() -> links.gather(own)), end);
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        Implementations.checkVector(vector);
        return start(
                bytes(vector),
                all -> {
                    FloatBuffer[] vectors =
                            Arrays.stream(all)
                                    .map(StarCommunicator::floats)
                                    .toArray(FloatBuffer[]::new);
                    Implementations.mean(vectors, 0);
                    return set(vector, vectors[0]);
                });
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        Implementations.checkVector(vector);
        Implementations.checkRoot(root, size);
        byte[] own = rank == root ? bytes(vector) : new byte[0];
        return start(own, all -> set(vector, floats(all[root])));
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        Implementations.checkNeighbours(neighbours, rank, size);
        byte[] own = neighbours.length == 0 ? new byte[0] : bytes(message);
        int[] from = neighbours.clone();
        return start(
                own,
                all ->
                        Arrays.stream(from)
                                .mapToObj(i -> readOnly(all[i]))
                                .toArray(ByteBuffer[]::new));
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        return start(
                bytes(message),
                all ->
                        Arrays.stream(all)
                                .map(StarCommunicator::readOnly)
                                .toArray(ByteBuffer[]::new));
    }

    @Override
    public Pending<Void> barrier() {
        return start(new byte[0], all -> null);
    }

    private static byte[] bytes(NDArray vector) {
        float[] values = vector.toFloatArray();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(message.position(), bytes);
        return bytes;
    }

    private static FloatBuffer floats(byte[] bytes) {
        FloatBuffer floats = FloatBuffer.allocate(bytes.length / Float.BYTES);
        floats.put(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        return floats.flip();
    }

    private static ByteBuffer readOnly(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** In place: other arrays are views of the same memory. */
    private static Void set(NDArray vector, FloatBuffer values) {
        if (values.hasRemaining()) {
            try (NDArray array = vector.getManager().create(values.array())) {
                vector.set(new NDIndex("..."), array);
            }
        }
        return null;
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
    public long bytesSent() {
        return links.sent();
    }

    @Override
    public long bytesReceived() {
        return links.received();
    }

    @Override
    public void abort(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        // the others read the end of the stream
        close();
    }

    @Override
    public void close() {
        calls.shutdown();
        links.close();
    }

    private final class Started<T> implements Pending<T> {

        private final Future<byte[][]> answer;
        private final Function<byte[][], T> end;
        private boolean ended;
        private T value;

        Started(Future<byte[][]> answer, Function<byte[][], T> end) {
            this.answer = answer;
            this.end = end;
        }

        @Override
        public T await() {
            return await(timeout);
        }

        @Override
        public T await(Duration limit) {
            if (!ended) {
                value = end.apply(answer(limit));
                ended = true;
            }
            return value;
        }

        private byte[][] answer(Duration limit) {
            try {
                return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new CommunicationException("not heard from rank " + links.waitingFor(), e);
            } catch (ExecutionException e) {
                Throwable cause = failure == null ? e.getCause() : failure;
                if (failure == null) {
                    failure =
                            new CommunicationException(
                                    "rank " + links.waitingFor() + " left", cause);
                }
                throw Implementations.ended(failure);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommunicationException("interrupted", e);
            }
        }
    }
}
