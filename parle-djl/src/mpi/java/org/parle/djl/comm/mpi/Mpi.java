package org.parle.djl.comm.mpi;

import mpi.MPI;
import mpi.MPIException;

import org.parle.djl.comm.CommunicationException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The one lock around all MPI calls, and the thread that moves them forward while all others
 * compute: Open MPI works on a collective only inside calls.
 */
public final class Mpi {

    /** An MPI call; all run under the lock. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws MPIException;
    }

    private static final long PROGRESS_NANOS = 200_000;
    private static final Object LOCK = new Object();
    private static final Set<MpiPending<?>> UNDER_WAY = ConcurrentHashMap.newKeySet();
    private static Thread progress;

    private Mpi() {}

    static <T> T call(Action<T> action) {
        synchronized (LOCK) {
            try {
                return action.run();
            } catch (MPIException e) {
                throw new CommunicationException("MPI failed: " + e.getMessage(), e);
            }
        }
    }

    static void init() {
        call(
                () -> {
                    if (!MPI.isInitialized()) {
                        MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
                    }
                    if (progress == null) {
                        progress = new Thread(Mpi::moveForward, "parle-mpi-progress");
                        progress.setDaemon(true);
                        progress.start();
                    }
                    return null;
                });
    }

    /** Ends MPI; a JVM that ends without it takes the whole job with it. */
    public static void end() {
        call(
                () -> {
                    if (MPI.isInitialized() && !MPI.isFinalized()) {
                        MPI.Finalize();
                    }
                    return null;
                });
    }

    static void underWay(MpiPending<?> pending) {
        UNDER_WAY.add(pending);
        LockSupport.unpark(progress);
    }

    private static void moveForward() {
        while (true) {
            if (UNDER_WAY.isEmpty()) {
                LockSupport.park(UNDER_WAY);
            } else {
                UNDER_WAY.removeIf(MpiPending::advance);
                LockSupport.parkNanos(UNDER_WAY, PROGRESS_NANOS);
            }
        }
    }
}
