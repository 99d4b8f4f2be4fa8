package org.parle.djl.training;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.time.Duration;

/** A communicator that has something checked before anything is sent. */
final class CheckedCommunicator implements Communicator {

    private final Communicator sender;
    private final Runnable check;

    CheckedCommunicator(Communicator sender, Runnable check) {
        this.sender = sender;
        this.check = check;
    }

    @Override
    public int rank() {
        return sender.rank();
    }

    @Override
    public int size() {
        return sender.size();
    }

    @Override
    public Duration timeout() {
        return sender.timeout();
    }

    @Override
    public Pending<Void> allReduceMean(NDArray vector) {
        check.run();
        return sender.allReduceMean(vector);
    }

    @Override
    public Pending<Void> broadcast(NDArray vector, int root) {
        check.run();
        return sender.broadcast(vector, root);
    }

    @Override
    public Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message) {
        check.run();
        return sender.exchange(neighbours, message);
    }

    @Override
    public Pending<ByteBuffer[]> allGather(ByteBuffer message) {
        check.run();
        return sender.allGather(message);
    }

    @Override
    public Pending<Void> barrier() {
        return sender.barrier();
    }

    @Override
    public long bytesSent() {
        return sender.bytesSent();
    }

    @Override
    public long bytesReceived() {
        return sender.bytesReceived();
    }

    @Override
    public void abort(Throwable cause) {
        sender.abort(cause);
    }

    @Override
    public void close() {
        sender.close();
    }
}
