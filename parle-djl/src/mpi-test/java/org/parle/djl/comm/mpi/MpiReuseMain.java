package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import mpi.Comm;
import mpi.MPI;

import org.parle.djl.Replicas;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One process of {@link MpiReuseTest}. */
final class MpiReuseMain {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int TIMES = 200;

    private MpiReuseMain() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "often" -> often();
            case "stray" -> stray();
            case "open" -> open();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void often() {
        Communicator lasting = new MpiCommunicator(TIMEOUT);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int time = 0; time < TIMES; time++) {
                try (MpiCommunicator one = new MpiCommunicator(TIMEOUT)) {
                    checkCalls(one, manager, time);
                }
            }
        }
        for (int time = 0; time < TIMES; time++) {
            int own = time;
            Replicas.run(
                    (time % 2 + 1) * lasting.size(),
                    replica -> checkExchange(replica.communicator(), own));
        }
        verify(Mpi.start().comms().made() == 2, Mpi.start().comms().made() + " were made");
        verify(Mpi.start().known() == 2, Mpi.start().known() + " are known");
        System.out.println("came and went");
    }

    private static void checkCalls(Communicator communicator, NDManager manager, int time) {
        int rank = communicator.rank();
        try (NDArray vector = manager.full(new Shape(1000), (float) rank + time)) {
            communicator.allReduceMean(vector).await();
            float mean = time + (communicator.size() - 1) / 2f;
            verify(Math.abs(vector.getFloat(999) - mean) < 1e-3, "the mean is " + mean);
        }
        checkExchange(communicator, time);
    }

    /** Messages that tell one time from another. */
    private static void checkExchange(Communicator communicator, int time) {
        int size = communicator.size();
        int next = (communicator.rank() + 1) % size;
        int before = (communicator.rank() + size - 1) % size;
        int[] neighbours = next == before ? new int[] {next} : new int[] {next, before};
        ByteBuffer own = ByteBuffer.allocate(8).putInt(communicator.rank()).putInt(time).flip();
        ByteBuffer[] came = communicator.exchange(neighbours, own).await();
        for (int i = 0; i < neighbours.length; i++) {
            ByteBuffer message = came[i].order(own.order());
            verify(message.getInt(0) == neighbours[i], "of rank " + neighbours[i]);
            verify(message.getInt(4) == time, "of time " + time + ", not " + message.getInt(4));
        }
    }

    /** Rank 0 closes with an exchange under way to which rank 1 comes after another run. */
    private static void stray() {
        MpiCommunicator first = new MpiCommunicator(TIMEOUT);
        boolean waits = first.rank() == 0;
        ByteBuffer message = MPI.newByteBuffer(1000);
        Pending<?> pending = waits ? first.exchange(new int[] {1}, message) : null;
        first.close();
        runOnce(2);
        if (waits) {
            pending.await();
        } else {
            comeLate(first.comm(), message);
        }
        // it is free again now
        runOnce(2);
        MpiCommunicator third = new MpiCommunicator(TIMEOUT);
        verify(third.comm() == first.comm(), "the first one's again");
        System.out.println("met nothing strange");
    }

    private static void runOnce(int made) {
        try (Communicator own = new MpiCommunicator(TIMEOUT)) {
            checkExchange(own, 7);
        }
        verify(Mpi.start().comms().made() == made, Mpi.start().comms().made() + " were made");
    }

    /** Does what the exchange does that rank 0 has begun: a communicator's first call has tag 7. */
    private static void comeLate(Comm comm, ByteBuffer message) {
        Mpi.call(
                () -> {
                    IntBuffer head = MPI.newIntBuffer(2);
                    head.put(0, 1000).put(1, MpiChecksum.of(message));
                    comm.send(head, 2, MPI.INT, 0, 7);
                    comm.send(message, 1000, MPI.BYTE, 0, 8);
                    comm.recv(head, 2, MPI.INT, 0, 7);
                    comm.recv(message, 1000, MPI.BYTE, 0, 8);
                    return null;
                });
    }

    /** Nobody awaits a call that all have made, and all close at once. */
    private static void open() throws Exception {
        NDManager manager = NDManager.newBaseManager();
        List<NDArray> vectors = new ArrayList<>();
        for (int time = 0; time < 10; time++) {
            MpiCommunicator one = new MpiCommunicator(TIMEOUT);
            vectors.add(manager.full(new Shape(1_000_000), (float) one.rank()));
            one.allReduceMean(vectors.get(time));
            one.close();
            while (Mpi.start().comms().free() == 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        verify(Mpi.start().comms().made() == 1, Mpi.start().comms().made() + " were made");
        System.out.println("got it back");
    }

    private static void verify(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
