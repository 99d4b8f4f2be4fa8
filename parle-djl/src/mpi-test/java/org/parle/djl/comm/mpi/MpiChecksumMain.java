package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Implementations;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.time.Duration;

/**
 * One process of {@link MpiChecksumTest}: rank 1 sends what a communicator's first call does, but
 * for one number.
 */
final class MpiChecksumMain {

    private static final int LENGTH = 1000;

    /** Of the first call: of a mean, of messages, of the meeting before. Bodies have one more. */
    private static final int MEAN_TAG = 5;

    private static final int MESSAGE_TAG = 7;
    private static final int MEETING_TAG = 9;

    private MpiChecksumMain() {}

    public static void main(String[] args) {
        MpiCommunicator own = new MpiCommunicator(Duration.ofSeconds(60));
        try (NDManager manager = NDManager.newBaseManager()) {
            switch (args[0]) {
                case "twice" -> twice(own, manager.ones(new Shape(1_000_000)));
                case "bytes" -> bytes(own, manager);
                default -> {
                    if (own.rank() == 0) {
                        call(own, args[0], manager.ones(new Shape(LENGTH)));
                    } else {
                        imitate(own.comm(), args[0]);
                    }
                }
            }
            own.barrier().await();
        }
    }

    private static void call(Communicator own, String what, NDArray vector) {
        switch (what) {
            case "exchange" -> own.exchange(new int[] {1}, ByteBuffer.allocate(LENGTH)).await();
            case "broadcast" -> own.broadcast(vector, 1).await();
            default -> own.allReduceMean(vector).await();
        }
    }

    private static void imitate(Intracomm comm, String what) {
        Mpi.call(
                () -> {
                    switch (what) {
                        case "exchange" -> exchange(comm);
                        case "broadcast" -> broadcast(comm);
                        default -> mean(comm, what.equals("means"));
                    }
                    return null;
                });
    }

    private static void exchange(Intracomm comm) throws MPIException {
        ByteBuffer message = MPI.newByteBuffer(LENGTH);
        IntBuffer head = MPI.newIntBuffer(2).put(0, LENGTH).put(1, MpiChecksum.of(message));
        comm.send(head, 2, MPI.INT, 0, MESSAGE_TAG);
        comm.send(message.put(123, (byte) 1), LENGTH, MPI.BYTE, 0, MESSAGE_TAG + 1);
    }

    private static void broadcast(Intracomm comm) throws MPIException {
        meet(comm, "broadcast of " + LENGTH + " floats from rank 1");
        FloatBuffer vector = MPI.newFloatBuffer(LENGTH);
        IntBuffer sum = MPI.newIntBuffer(1).put(0, MpiChecksum.of(vector));
        Request values = comm.iBcast(vector.put(123, 1f), LENGTH, MPI.FLOAT, 1);
        Request sums = comm.iBcast(sum, 1, MPI.INT, 1);
        values.waitFor();
        sums.waitFor();
    }

    private static void mean(Intracomm comm, boolean valuesAreRight) throws MPIException {
        meet(comm, "all-reduce of " + LENGTH + " floats");
        FloatBuffer share = MPI.newFloatBuffer(LENGTH / 2);
        for (int round = 0; round < 2; round++) {
            IntBuffer sum = MPI.newIntBuffer(1).put(0, MpiChecksum.of(share));
            share.put(123, round == 0 && valuesAreRight ? 0f : 1f);
            comm.send(share, LENGTH / 2, MPI.FLOAT, 0, MEAN_TAG + round);
            comm.send(sum, 1, MPI.INT, 0, MEAN_TAG + round);
        }
    }

    private static void meet(Intracomm comm, String title) throws MPIException {
        for (Request request : new MpiMeeting(comm, MEETING_TAG, title).stages().get(0).run()) {
            request.waitFor();
        }
    }

    private static void twice(Communicator own, NDArray vector) {
        if (own.rank() == 1) {
            FloatBuffer memory = Implementations.memory(vector);
            Thread writer =
                    new Thread(
                            () -> {
                                for (int i = 0; true; i = (i + 1) % memory.capacity()) {
                                    memory.put(i, memory.get(i) + 1);
                                }
                            });
            writer.setDaemon(true);
            writer.start();
        }
        for (int time = 0; time < 1000; time++) {
            own.allReduceMean(vector).await();
        }
    }

    private static void bytes(Communicator own, NDManager manager) {
        long others = own.size() - 1L;
        boolean messages = own.toString().endsWith("messages");
        long floats = 600;
        NDArray vector = manager.ones(new Shape(floats));
        long mean = 2 * others * 4 * floats / own.size() + (messages ? 2 * others * 4 : 0);
        own.allReduceMean(vector).await();
        verify(own.bytesSent(), mean);
        verify(own.bytesReceived(), mean);
        own.broadcast(vector, 1).await();
        long broadcast = 4 * floats + 4;
        verify(own.bytesSent(), mean + (own.rank() == 1 ? others * broadcast : 0));
        verify(own.bytesReceived(), mean + (own.rank() == 1 ? 0 : broadcast));
        long before = own.bytesSent();
        own.allGather(ByteBuffer.allocate(10)).await();
        verify(own.bytesSent() - before, others * 14);
        System.out.println("counted");
    }

    private static void verify(long found, long expected) {
        if (found != expected) {
            throw new AssertionError("counted " + found + " bytes, not " + expected);
        }
    }
}
