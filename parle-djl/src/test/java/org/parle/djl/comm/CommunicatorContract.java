package org.parle.djl.comm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What every communicator must do. Each rank calls {@link #check} on its own thread or in its own
 * process; it throws an {@link AssertionError} where the contract is broken.
 */
final class CommunicatorContract {

    private static final long LARGE = 1_000_003;

    private final Communicator communicator;
    private final int rank;
    private final int size;
    private final NDManager manager;

    private CommunicatorContract(Communicator communicator, NDManager manager) {
        this.communicator = communicator;
        this.manager = manager;
        rank = communicator.rank();
        size = communicator.size();
    }

    /** Checks everything that holds for any communicator. Collective. */
    static void check(Communicator communicator) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            CommunicatorContract contract = new CommunicatorContract(communicator, manager);
            verify(contract.rank >= 0 && contract.rank < contract.size, "the rank is in range");
            contract.averagesVectors();
            contract.leavesTheNeighbourhoodOfAViewAlone();
            contract.broadcastsFromEachRoot();
            contract.gathersMessages();
            contract.exchangesMessagesInARing();
            contract.exchangesMessagesOfAllWithAll();
            contract.exchangesWithNobody();
            contract.keepsSeveralInFlightApart();
            contract.refusesBadInput();
            contract.countsBytes();
            communicator.barrier().await();
        }
    }

    private void averagesVectors() {
        for (long length : new long[] {0, 1, size - 1, size, 4096L * size + 1, LARGE}) {
            NDArray vector = vector(length, rank + 1);
            Pending<Void> pending = communicator.allReduceMean(vector);
            pending.await();
            pending.await();
            checkMean(vector, 1);
            checkSameBits(vector);
            vector.close();
        }
    }

    private void leavesTheNeighbourhoodOfAViewAlone() {
        NDArray whole = vector(30, rank + 1);
        float[] before = whole.toFloatArray();
        communicator.allReduceMean(whole.get("10:20")).await();
        float[] after = whole.toFloatArray();
        float[] mean = vector(30, (size + 1) / 2f).toFloatArray();
        for (int i = 0; i < after.length; i++) {
            near(after[i], i < 10 || i >= 20 ? before[i] : mean[i], "entry " + i + " of a view");
        }
    }

    private void broadcastsFromEachRoot() {
        for (int root = 0; root < size; root++) {
            NDArray vector = vector(5000, rank + 1);
            communicator.broadcast(vector, root).await();
            verify(
                    Arrays.equals(vector.toFloatArray(), vector(5000, root + 1).toFloatArray()),
                    "all hold what " + root + " had");
        }
    }

    private void gathersMessages() {
        ByteBuffer own = message(rank);
        int position = own.position();
        Pending<ByteBuffer[]> pending = communicator.allGather(own);
        ByteBuffer[] all = pending.await();
        verify(own.position() == position, "the position is left as it is");
        verify(pending.await() == all, "waiting again gives the same value");
        communicator.barrier().await();
        // the sender's own again: what others got must not change
        for (int i = 0; i < own.limit(); i++) {
            own.put(i, (byte) 77);
        }
        communicator.barrier().await();
        verify(all.length == size, "a message of each");
        for (int sender = 0; sender < size; sender++) {
            checkMessage(all[sender], sender);
        }
    }

    private void exchangesMessagesInARing() {
        int[] ring = {(rank + 1) % size, (rank + size - 1) % size};
        int[] neighbours =
                Arrays.stream(ring).distinct().filter(neighbour -> neighbour != rank).toArray();
        checkExchange(neighbours);
    }

    private void exchangesMessagesOfAllWithAll() {
        List<Integer> others = new ArrayList<>();
        for (int other = 0; other < size; other++) {
            if (other != rank) {
                others.add(other);
            }
        }
        Collections.rotate(others, rank);
        checkExchange(others.stream().mapToInt(Integer::intValue).toArray());
    }

    private void exchangesWithNobody() {
        checkExchange(new int[0]);
        // one pair only: the first and the last
        int other = size - 1 - rank;
        boolean atTheEnds = size > 1 && (rank == 0 || rank == size - 1);
        checkExchange(atTheEnds ? new int[] {other} : new int[0]);
    }

    private void checkExchange(int[] neighbours) {
        ByteBuffer[] received = communicator.exchange(neighbours, message(rank)).await();
        verify(received.length == neighbours.length, "a message of each neighbour");
        for (int i = 0; i < neighbours.length; i++) {
            checkMessage(received[i], neighbours[i]);
        }
    }

    private void keepsSeveralInFlightApart() {
        for (int round = 0; round < 3; round++) {
            NDArray one = vector(1000, rank + 1);
            NDArray two = vector(2000, 2f * (rank + 1));
            NDArray three = vector(10, rank + 1);
            Pending<Void> first = communicator.allReduceMean(one);
            Pending<ByteBuffer[]> messages = communicator.allGather(message(rank));
            Pending<Void> second = communicator.allReduceMean(two);
            Pending<Void> broadcast = communicator.broadcast(three, size - 1);
            Pending<Void> barrier = communicator.barrier();
            List<Pending<?>> pending =
                    new ArrayList<>(List.of(first, messages, second, broadcast, barrier));
            // another order on each rank
            Collections.rotate(pending, rank + round);
            pending.forEach(Pending::await);
            checkMean(one, 1);
            checkMean(two, 2);
            near(three.getFloat(9), vector(10, size).getFloat(9), "the broadcast value");
            for (int sender = 0; sender < size; sender++) {
                checkMessage(messages.await()[sender], sender);
            }
        }
    }

    private void refusesBadInput() {
        NDArray vector = vector(3, 1);
        ByteBuffer empty = ByteBuffer.allocate(0);
        refused(() -> communicator.allReduceMean(manager.create(new int[3])));
        refused(() -> communicator.allReduceMean(manager.zeros(new Shape(2, 2))));
        refused(() -> communicator.broadcast(vector, size));
        refused(() -> communicator.broadcast(vector, -1));
        refused(() -> communicator.exchange(new int[] {rank}, empty));
        refused(() -> communicator.exchange(new int[] {size}, empty));
        int other = (rank + 1) % size;
        refused(() -> communicator.exchange(new int[] {other, other}, empty));
        // none of them was a call
        communicator.barrier().await();
    }

    private void countsBytes() {
        long sent = communicator.bytesSent();
        long received = communicator.bytesReceived();
        communicator.barrier().await();
        communicator.exchange(new int[0], message(rank)).await();
        verify(communicator.bytesSent() == sent, "a barrier sends nothing");
        verify(communicator.bytesReceived() == received, "a barrier receives nothing");
        verify(size > 1 || (sent == 0 && received == 0), "a replica alone sends nothing");
        ByteBuffer counts = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        counts.putLong(sent).putLong(received).flip();
        long balance = 0;
        for (ByteBuffer count : communicator.allGather(counts).await()) {
            balance += count.getLong(0) - count.getLong(8);
        }
        verify(balance == 0, "all that is sent is received, but for " + balance + " bytes");
    }

    private NDArray vector(long length, float scale) {
        float[] values = new float[(int) length];
        for (int i = 0; i < length; i++) {
            values[i] = scale * (i % 97 + 1);
        }
        return manager.create(values);
    }

    private void checkMean(NDArray vector, float scale) {
        float[] values = vector.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            float expected = scale * (size + 1) / 2f * (i % 97 + 1);
            near(values[i], expected, "entry " + i + " of " + values.length);
        }
    }

    private void checkSameBits(NDArray vector) {
        int own = Arrays.hashCode(vector.toFloatArray());
        ByteBuffer hash = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(own).flip();
        for (ByteBuffer other : communicator.allGather(hash).await()) {
            verify(other.getInt(0) == own, "all hold the same bits");
        }
    }

    /** Three bytes per rank of the sender, so none from rank 0, in the middle of a buffer. */
    private static ByteBuffer message(int sender) {
        ByteBuffer message = ByteBuffer.allocate(3 * sender + 7);
        message.position(2);
        for (int i = 0; i < 3 * sender; i++) {
            message.put((byte) (sender + i));
        }
        return message.limit(message.position()).position(2);
    }

    private static void checkMessage(ByteBuffer message, int sender) {
        verify(message.isReadOnly(), "a message is read-only");
        verify(message.order() == ByteOrder.LITTLE_ENDIAN, "a message is little-endian");
        verify(message.position() == 0, "a message starts at 0");
        verify(message.equals(message(sender)), "the message of " + sender + " arrived");
    }

    private void refused(Runnable call) {
        try {
            call.run();
        } catch (IllegalArgumentException e) {
            return;
        }
        verify(false, "bad input is refused");
    }

    private static void near(float actual, float expected, String what) {
        verify(
                Math.abs(actual - expected) <= 1e-6 * Math.abs(expected),
                what + " is " + expected + ", got " + actual);
    }

    private static void verify(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("it should hold that " + what);
        }
    }
}
