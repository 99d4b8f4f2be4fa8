package org.parle.djl.comm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.AllocationPressure;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import static org.parle.djl.comm.ContractValues.checkMessage;
import static org.parle.djl.comm.ContractValues.message;
import static org.parle.djl.comm.ContractValues.near;
import static org.parle.djl.comm.ContractValues.refused;
import static org.parle.djl.comm.ContractValues.verify;

/**
 * What every communicator must do. Each rank calls {@link #check} on its own thread or in its own
 * process; it throws an {@link AssertionError} where the contract is broken.
 */
public final class CommunicatorContract {

    private static final long LARGE = 1_000_003;

    private final Communicator communicator;
    private final int rank;
    private final int size;
    private final NDManager manager;
    private final ContractValues values;

    private CommunicatorContract(Communicator communicator, NDManager manager) {
        this.communicator = communicator;
        this.manager = manager;
        rank = communicator.rank();
        size = communicator.size();
        values = new ContractValues(communicator, manager);
    }

    /** Checks everything that holds for any communicator. Collective. */
    public static void check(Communicator communicator) {
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
            contract.values.checkBytes();
            communicator.barrier().await();
        }
    }

    /** Vectors of different lengths are refused by all ranks and stay as they were. Collective. */
    public static void checkDifferentLengths(Communicator communicator, boolean broadcast) {
        int length = 20_000 + 1000 * communicator.rank();
        float[] values = new float[length];
        Arrays.fill(values, communicator.rank());
        String refusal = "";
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray vector = manager.create(values).duplicate();
            try {
                Pending<Void> pending =
                        broadcast
                                ? communicator.broadcast(vector, communicator.size() - 1)
                                : communicator.allReduceMean(vector);
                pending.await();
            } catch (CommunicationException e) {
                refusal = e.getMessage();
            }
            verify(Arrays.equals(vector.toFloatArray(), values), "a refused vector is unchanged");
        }
        String call = broadcast ? "broadcast" : "all-reduce";
        String sides = call + " of \\d+ floats.* where (rank|replica) \\d+ called " + call;
        verify(
                Pattern.compile(sides + " of \\d+ floats").matcher(refusal).find(),
                "lengths and ranks are named: " + refusal);
    }

    /** Checks that, and what holds for the library's own communicators only. Collective. */
    public static void checkOwn(Communicator communicator) {
        check(communicator);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            new CommunicatorContract(communicator, manager).keepsVectorsThatAreClosedMeanwhile();
        }
    }

    /**
     * Their memory is Java's, which somebody else has as soon as nobody holds it. More than the
     * interface promises: a vector is the call's until it was awaited.
     */
    private void keepsVectorsThatAreClosedMeanwhile() {
        for (int length = 1; length <= 40; length += 13) {
            float[] given = values.vector(length, rank + 1).toFloatArray();
            NDArray vector = manager.create(given);
            Pending<Void> pending = communicator.allReduceMean(vector);
            if (rank < size - 1) {
                vector.close();
                AllocationPressure.once(new Random(length));
            }
            pending.await();
            if (rank == size - 1) {
                values.checkMean(vector, 1);
            }
        }
    }

    private void averagesVectors() {
        for (long length : new long[] {0, 1, size - 1, size, 4096L * size + 1, LARGE}) {
            NDArray vector = values.vector(length, rank + 1);
            Pending<Void> pending = communicator.allReduceMean(vector);
            pending.await();
            pending.await();
            values.checkMean(vector, 1);
            values.checkSameBits(vector);
            vector.close();
        }
    }

    private void leavesTheNeighbourhoodOfAViewAlone() {
        NDArray whole = values.vector(30, rank + 1);
        float[] before = whole.toFloatArray();
        communicator.allReduceMean(whole.get("10:20")).await();
        float[] after = whole.toFloatArray();
        float[] mean = values.vector(30, (size + 1) / 2f).toFloatArray();
        for (int i = 0; i < after.length; i++) {
            near(after[i], i < 10 || i >= 20 ? before[i] : mean[i], "entry " + i + " of a view");
        }
    }

    private void broadcastsFromEachRoot() {
        for (int root = 0; root < size; root++) {
            NDArray vector = values.vector(5000, rank + 1);
            communicator.broadcast(vector, root).await();
            verify(
                    Arrays.equals(
                            vector.toFloatArray(), values.vector(5000, root + 1).toFloatArray()),
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
            NDArray one = values.vector(1000, rank + 1);
            NDArray two = values.vector(2000, 2f * (rank + 1));
            NDArray three = values.vector(10, rank + 1);
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
            values.checkMean(one, 1);
            values.checkMean(two, 2);
            near(three.getFloat(9), values.vector(10, size).getFloat(9), "the broadcast value");
            for (int sender = 0; sender < size; sender++) {
                checkMessage(messages.await()[sender], sender);
            }
        }
    }

    private void refusesBadInput() {
        NDArray vector = values.vector(3, 1);
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

    /**
     * Checks what holds once a group has failed, here by the last rank: waits end with what it
     * gave, now and later, and leaving takes no permit. Collective, and the last that can be.
     */
    public static void checkFailure(Communicator communicator) {
        boolean last = communicator.rank() == communicator.size() - 1;
        Permits permits = new Permits(1);
        permits.acquire();
        PermitKeeper keeper = new PermitKeeper(permits).startAndQueue();
        if (last) {
            communicator.abort(new IllegalStateException("the loss is NaN"));
            communicator.abort(new IllegalStateException("only the first counts"));
        }
        for (int wait = 0; wait < 2; wait++) {
            String message = "";
            try {
                communicator.barrier().await();
            } catch (CommunicationException e) {
                message = e.getMessage();
            }
            verify(message.contains("the loss is NaN"), "told of the failure: " + message);
        }
        permits.release();
        keeper.end();
        communicator.close();
        communicator.close();
    }
}
