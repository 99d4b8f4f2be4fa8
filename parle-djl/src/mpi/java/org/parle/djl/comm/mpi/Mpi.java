package org.parle.djl.comm.mpi;

import com.sun.jna.Function;

import mpi.MPI;
import mpi.MPIException;

import org.parle.djl.comm.CommunicationException;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * This process's part in the job: its begin and its ends, and the one lock around all MPI calls.
 *
 * <p>A JVM that ends leaves the job in a shutdown hook; one whose thread dies of an exception ends
 * the job for all, which MPI would let hang.
 */
final class Mpi {

    /** An MPI call; all run under the lock. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws MPIException;
    }

    private static final long QUIET_NANOS = 300_000_000;
    private static final int TERMINATED = 143;
    private static final Object LOCK = new Object();
    private static final AtomicBoolean ENDED = new AtomicBoolean();
    private static final AtomicReference<Throwable> LATER = new AtomicReference<>();
    private static MpiControl control;
    private static MpiWindow window;
    private static volatile MpiProgress progress;

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

    /** Joins the job, once. Collective. */
    static MpiControl start() {
        synchronized (LOCK) {
            if (control == null) {
                control = call(Mpi::init);
                Runtime.getRuntime().addShutdownHook(new Thread(Mpi::leave, "parle-mpi-end"));
                endWithAnyThread();
                progress = new MpiProgress(control, ENDED::get);
                progress.start();
            }
            return control;
        }
    }

    private static MpiControl init() throws MPIException {
        if (!MPI.isInitialized()) {
            MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
        }
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        window = MpiWindow.create(MPI.COMM_WORLD);
        return new MpiControl(MPI.COMM_WORLD.dup());
    }

    /** Returns memory that all processes of the job share; null where there is none. */
    static MpiWindow window() {
        synchronized (LOCK) {
            return window;
        }
    }

    private static void endWithAnyThread() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> {
                    if (before != null) {
                        before.uncaughtException(thread, e);
                    }
                    abort(e);
                });
    }

    /** Ends the whole job; the cause is the last line on the screen. */
    static void abort(Throwable cause) {
        if (cause.getCause() instanceof CommunicationException) {
            abort(cause.getCause());
        } else if (!(cause instanceof CommunicationException)) {
            if (!ENDED.get()) {
                cause.printStackTrace();
            }
            end(cause);
        } else if (LATER.compareAndSet(null, cause)) {
            // it often follows from what another rank, or another thread, is about to say
            Thread thread =
                    new Thread(
                            () -> {
                                sleep(MpiWatch.GRACE_NANOS);
                                end(cause);
                            },
                            "parle-mpi-abort");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void end(Throwable cause) {
        if (ENDED.compareAndSet(false, true)) {
            System.out.flush();
            System.err.println(
                    "parle: rank "
                            + control.rank()
                            + " of "
                            + control.size()
                            + " ends the job: "
                            + cause);
            System.err.flush();
            call(
                    () -> {
                        control.fail();
                        quietEnd();
                        return null;
                    });
        }
    }

    /**
     * Ends this process, and with it the job, under the lock: Open MPI complains where one rank
     * reads from another that is gone.
     */
    static void quietEnd() {
        ENDED.set(true);
        sleep(QUIET_NANOS);
        exit(1);
    }

    private static void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * Ends this process at once. MPI's abort, and the JVM's halt, run the destructors of native
     * libraries, while other threads may be computing in them.
     */
    private static void exit(int code) {
        Function.getFunction("c", "_exit").invokeVoid(new Object[] {code});
    }

    /** The JVM ends: waits for the others to end, unless they wait for this one. */
    private static void leave() {
        if (LATER.get() != null) {
            sleep(MpiWatch.GRACE_NANOS);
            end(LATER.get());
        }
        if (!ENDED.compareAndSet(false, true)) {
            // another thread ends this process, once what it has printed is sure to have arrived
            sleep(MpiWatch.GRACE_NANOS);
            return;
        }
        boolean amid = !progress.drain(MpiWatch.GRACE_NANOS);
        call(
                () -> {
                    control.leave();
                    if (!amid) {
                        MPI.Finalize();
                    }
                    return null;
                });
        if (amid) {
            // those who wait for this rank say so, and end the job
            sleep(2 * MpiWatch.GRACE_NANOS);
            exit(TERMINATED);
        }
    }

    static void underWay(MpiPending<?> pending) {
        progress.add(pending);
    }
}
