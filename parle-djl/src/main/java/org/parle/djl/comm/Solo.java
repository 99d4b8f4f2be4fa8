package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The communicator of one replica alone: every call has ended when it returns, and no bytes move.
 *
 * <p>{@link #allGather} gives the replica its own message; {@link #exchange} takes no neighbours.
 * No wait ever lasts, so {@link #timeout} is zero.
 */
public final class Solo implements Communicator {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Creates the communicator of a group of one. */
    public Solo() {}

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Duration timeout() {
        return Duration.ZERO;
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        Checks.vector(vector);
        return new Ended<>(null);
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        Checks.vector(vector);
        Checks.root(root, 1);
        return new Ended<>(null);
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        Checks.neighbours(neighbours, 0, 1);
        Objects.requireNonNull(message, "message");
        return new Ended<>(new ByteBuffer[0]);
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        ByteBuffer own = Checks.copy(message).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return new Ended<>(new ByteBuffer[] {own});
    }

    @Override
    public Pending<Void> barrier() {
        return new Ended<>(null);
    }

    @Override
    public long bytesSent() {
        return 0;
    }

    @Override
    public long bytesReceived() {
        return 0;
    }

    @Override
    public void abort(Throwable cause) {
        failure.compareAndSet(null, Objects.requireNonNull(cause, "cause"));
    }

    @Override
    public void close() {}

    private final class Ended<T> implements Pending<T> {

        private final T value;

        Ended(T value) {
            this.value = value;
        }

        @Override
        public T await(Duration timeout) {
            return await();
        }

        @Override
        public T await() {
            Throwable cause = failure.get();
            if (cause != null) {
                throw CommunicationException.ended(cause);
            }
            return value;
        }
    }
}
