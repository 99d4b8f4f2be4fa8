package org.parle.djl.comm.mpi;

import mpi.MPI;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One process of {@link MpiLeaveTest}: one rank leaves, stops, or starts in a wrong way. */
final class MpiLeaveMain {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private MpiLeaveMain() {}

    public static void main(String[] args) throws Exception {
        boolean first = System.getenv("OMPI_COMM_WORLD_RANK").equals("0");
        switch (args[0]) {
            case "early" -> early();
            case "open" -> open();
            case "init" -> stopUnless(first);
            case "window" -> {
                MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
                stopUnless(first);
            }
            case "connect" -> {
                Mpi.start();
                stopUnless(first);
            }
            case "level" -> MPI.Init(new String[0]);
            case "suspended" -> {
                suspended();
                return;
            }
            default -> {}
        }
        Communicator communicator = new MpiCommunicator(TIMEOUT);
        communicator.barrier().await();
        if (args[0].equals("end")) {
            stopUnless(first);
        } else if (args[0].equals("finalize") && !first) {
            Mpi.start().leave();
            stopUnless(false);
        }
    }

    /** Rank 0 leaves with all its calls made, and the others exchange long after. */
    private static void early() throws Exception {
        Communicator communicator = new MpiCommunicator(TIMEOUT);
        int rank = communicator.rank();
        ByteBuffer message = ByteBuffer.wrap(new byte[] {(byte) rank});
        communicator.barrier().await();
        if (rank == 0) {
            communicator.exchange(new int[0], message).await();
            System.exit(0);
        }
        if (rank == 2) {
            TimeUnit.SECONDS.sleep(4);
        }
        communicator.exchange(new int[] {3 - rank}, message).await();
        System.out.println("rank " + rank + " has its message");
        System.exit(0);
    }

    /** Rank 0 leaves with a call under way that the others come to later. */
    private static void open() throws Exception {
        Communicator communicator = new MpiCommunicator(TIMEOUT);
        if (communicator.rank() > 0) {
            TimeUnit.SECONDS.sleep(4);
        }
        Pending<ByteBuffer[]> pending = communicator.allGather(ByteBuffer.allocate(1_000_000));
        if (communicator.rank() > 0) {
            pending.await();
            System.out.println("rank " + communicator.rank() + " has its message");
        }
        System.exit(0);
    }

    /** Rank 0 waits for rank 1, which comes when it is told to. */
    private static void suspended() throws Exception {
        Communicator communicator = new MpiCommunicator(TIMEOUT);
        communicator.barrier().await();
        long pid = ProcessHandle.current().pid();
        System.out.println("rank " + communicator.rank() + " has pid " + pid);
        if (communicator.rank() > 0) {
            TimeUnit.SECONDS.sleep(14);
        }
        communicator.barrier().await();
        System.out.println("rank " + communicator.rank() + " has gone on");
    }

    private static void stopUnless(boolean first) throws Exception {
        if (!first) {
            String pid = String.valueOf(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }
}
