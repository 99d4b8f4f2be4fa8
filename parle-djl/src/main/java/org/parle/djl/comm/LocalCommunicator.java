package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** One replica's communicator in a {@link LocalGroup}. */
final class LocalCommunicator implements Communicator {

    private final LocalGroup group;
    private final int index;
    private final int rank;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private long calls;

    LocalCommunicator(LocalGroup group, int index) {
        this.group = group;
        this.index = index;
        rank = group.members().rank(index);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return group.members().size();
    }

    @Override
    public Duration timeout() {
        return group.timeout();
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        Checks.vector(vector);
        return start(() -> Call.allReduce(group.handles().open(vector)));
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        Checks.vector(vector);
        Checks.root(root, size());
        return start(() -> Call.broadcast(group.handles().open(vector), root));
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        Checks.neighbours(neighbours, rank, size());
        return start(() -> Call.exchange(message, neighbours));
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        return start(() -> Call.allGather(message));
    }

    @Override
    public Pending<Void> barrier() {
        return start(Call::barrier);
    }

    private <T> Pending<T> start(Supplier<Call> call) {
        if (closed.get()) {
            throw new IllegalStateException("the communicator of replica " + rank + " is closed");
        }
        if (group.hasFailed()) {
            // its wait throws; nothing is opened that nobody would close
            return new LocalPending<>(this, null);
        }
        Call made = call.get();
        return new LocalPending<>(this, group.meet(calls++, index, made));
    }

    /** Waits for one of this replica's calls. */
    Object await(Slot slot, Duration timeout) {
        if (slot == null) {
            group.throwIfFailed();
        }
        Object result = new Wait(group, slot, index, timeout).run();
        sent.addAndGet(slot.collective().sent(index));
        received.addAndGet(slot.collective().received(index));
        return result;
    }

    @Override
    public long bytesSent() {
        return sent.get() + (index == 0 ? group.between(Communicator::bytesSent) : 0);
    }

    @Override
    public long bytesReceived() {
        return received.get() + (index == 0 ? group.between(Communicator::bytesReceived) : 0);
    }

    @Override
    public void abort(Throwable cause) {
        group.fail(cause);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                group.handles().release();
            } finally {
                group.leave(rank);
            }
        }
    }

    @Override
    public String toString() {
        return "replica " + rank + " of " + size();
    }
}
