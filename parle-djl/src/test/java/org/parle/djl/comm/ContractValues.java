package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Vectors and messages that a rank can make of any other, and what they must be after a call. */
final class ContractValues {

    private final Communicator communicator;
    private final NDManager manager;

    ContractValues(Communicator communicator, NDManager manager) {
        this.communicator = communicator;
        this.manager = manager;
    }

    NDArray vector(long length, float scale) {
        float[] values = new float[(int) length];
        for (int i = 0; i < length; i++) {
            values[i] = scale * (i % 97 + 1);
        }
        return manager.create(values);
    }

    void checkMean(NDArray vector, float scale) {
        float[] values = vector.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            float expected = scale * (communicator.size() + 1) / 2f * (i % 97 + 1);
            near(values[i], expected, "entry " + i + " of " + values.length);
        }
    }

    void checkSameBits(NDArray vector) {
        int own = Arrays.hashCode(vector.toFloatArray());
        ByteBuffer hash = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(own).flip();
        for (ByteBuffer other : communicator.allGather(hash).await()) {
            verify(other.getInt(0) == own, "all hold the same bits");
        }
    }

    /** Three bytes per rank of the sender, so none from rank 0, in the middle of a buffer. */
    static ByteBuffer message(int sender) {
        ByteBuffer message = ByteBuffer.allocate(3 * sender + 7);
        message.position(2);
        for (int i = 0; i < 3 * sender; i++) {
            message.put((byte) (sender + i));
        }
        return message.limit(message.position()).position(2);
    }

    static void checkMessage(ByteBuffer message, int sender) {
        verify(message.isReadOnly(), "a message is read-only");
        verify(message.order() == ByteOrder.LITTLE_ENDIAN, "a message is little-endian");
        verify(message.position() == 0, "a message starts at 0");
        verify(message.equals(message(sender)), "the message of " + sender + " arrived");
    }

    static void refused(Runnable call) {
        try {
            call.run();
        } catch (IllegalArgumentException e) {
            return;
        }
        verify(false, "bad input is refused");
    }

    static void near(float actual, float expected, String what) {
        verify(
                Math.abs(actual - expected) <= 1e-6 * Math.abs(expected),
                what + " is " + expected + ", got " + actual);
    }

    static void verify(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("it should hold that " + what);
        }
    }

    void checkBytes() {
        long sent = communicator.bytesSent();
        long received = communicator.bytesReceived();
        communicator.barrier().await();
        communicator.exchange(new int[0], message(communicator.rank())).await();
        verify(communicator.bytesSent() == sent, "a barrier sends nothing");
        verify(communicator.bytesReceived() == received, "a barrier receives nothing");
        verify(
                communicator.size() > 1 || (sent == 0 && received == 0),
                "a replica alone sends nothing");
        ByteBuffer counts = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        counts.putLong(sent).putLong(received).flip();
        long balance = 0;
        for (ByteBuffer count : communicator.allGather(counts).await()) {
            balance += count.getLong(0) - count.getLong(8);
        }
        verify(balance == 0, "all that is sent is received, but for " + balance + " bytes");
    }
}
