package org.parle.djl.comm.mpi;

import mpi.MPI;
import mpi.MPIException;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Running;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * This process's part in the job: its begin and its ends, and the one lock around all MPI calls.
 *
 * <p>A JVM that ends leaves the job in a shutdown hook, when all others do; one whose thread dies
 * of an exception ends the job for all, which MPI would let hang.
 */
final class Mpi {

    /** An MPI call; all run under the lock. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws MPIException;
    }

    private static final Duration STOPPING = Duration.ofSeconds(30);
    private static final long QUIET_NANOS = 300_000_000;
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final AtomicBoolean ENDED = new AtomicBoolean();
    private static final AtomicReference<Throwable> LATER = new AtomicReference<>();
    private static volatile boolean leaving;
    private static boolean finalized;
    private static MpiControl control;
    private static MpiWindow window;
    private static volatile MpiProgress progress;

    private Mpi() {}

    static <T> T call(Action<T> action) {
        LOCK.lock();
        try {
            if (!finalized) {
                return action.run();
            }
        } catch (MPIException e) {
            throw new CommunicationException("MPI failed: " + e.getMessage(), e);
        } finally {
            LOCK.unlock();
        }
        throw waitForTheEnd();
    }

    /** Lets a new call begin; once this JVM is ending it stays here, while the others are told. */
    static void enter() {
        if (leaving) {
            throw waitForTheEnd();
        }
    }

    /** Never returns: a failure in the last moment would only hide what ends this JVM. */
    private static IllegalStateException waitForTheEnd() {
        while (true) {
            sleep(Long.MAX_VALUE);
        }
    }

    /** Joins the job, once. Collective. */
    static MpiControl start() {
        return call(
                () -> {
                    if (control == null) {
                        try (MpiPhase phase = new MpiPhase("MPI_Init", MpiLimits.connect())) {
                            control = init(phase);
                        }
                        Thread end = new Thread(Mpi::leave, "parle-mpi-end");
                        Runtime.getRuntime().addShutdownHook(end);
                        endWithAnyThread();
                        progress = new MpiProgress(control, ENDED::get);
                        progress.start();
                    }
                    return control;
                });
    }

    private static MpiControl init(MpiPhase phase) throws MPIException {
        if (!MPI.isInitialized()) {
            MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
        }
        checkThreads(MPI.queryThread());
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        phase.next("the making of shared memory");
        window = MpiWindow.create(MPI.COMM_WORLD, new MpiProvider().localSize());
        phase.next("the first meeting of all ranks");
        return new MpiControl(MPI.COMM_WORLD.dup());
    }

    private static void checkThreads(int level) {
        if (level < MPI.THREAD_SERIALIZED) {
            throw new IllegalStateException(
                    "MPI was initialised with "
                            + (level == MPI.THREAD_SINGLE ? "THREAD_SINGLE" : "THREAD_FUNNELED")
                            + ", but several threads call it here: initialise it with"
                            + " MPI.InitThread(args, MPI.THREAD_SERIALIZED) or more, or leave"
                            + " that to this library");
        }
    }

    /** Returns memory that all processes of the job share; null where there is none. */
    static MpiWindow window() {
        return call(() -> window);
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
            MpiExit.say("rank " + control.rank() + " of " + control.size(), cause);
            if (mayTellOthers()) {
                call(
                        () -> {
                            control.fail();
                            quietEnd();
                            return null;
                        });
            }
            MpiExit.now(1);
        }
    }

    /** Returns whether no thread is stuck in MPI. */
    private static boolean mayTellOthers() {
        try {
            return LOCK.tryLock(QUIET_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /**
     * Ends this process, and with it the job, under the lock: Open MPI complains where one rank
     * reads from another that is gone.
     */
    static void quietEnd() {
        ENDED.set(true);
        long end = System.nanoTime() + QUIET_NANOS;
        MpiExit.flush();
        sleep(end - System.nanoTime());
        MpiExit.now(1);
    }

    private static void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** The JVM ends: goes when all others go, too. */
    private static void leave() {
        // what a signal has asked to stop still talks to the others
        Running.awaitEnd(STOPPING);
        leaving = true;
        if (LATER.get() != null) {
            sleep(MpiWatch.GRACE_NANOS);
            end(LATER.get());
        }
        boolean bySignal = MpiLeaving.isBySignal();
        MpiPhase phase = null;
        MpiLeaving last = new MpiLeaving(control, progress, ENDED::get);
        try {
            control.leave();
            boolean together =
                    last.awaitOthers(bySignal ? 2 * MpiWatch.GRACE_NANOS : Long.MAX_VALUE);
            if (together
                    && last.drain(bySignal ? QUIET_NANOS : MpiWatch.GRACE_NANOS)
                    && ENDED.compareAndSet(false, true)) {
                phase = new MpiPhase("MPI_Finalize", MpiLimits.silence());
                call(
                        () -> {
                            finalized = true;
                            if (!MPI.isFinalized()) {
                                MPI.Finalize();
                            }
                            return null;
                        });
            } else if (!ENDED.compareAndSet(false, true)) {
                // another thread ends this process, once it has printed why, which may take long
                sleep(STOPPING.toNanos());
            }
        } catch (CommunicationException e) {
            end(e);
        } finally {
            if (phase != null) {
                phase.close();
            }
        }
        // threads may still be computing
        MpiExit.withoutDestructors();
    }

    static void underWay(MpiPending<?> pending) {
        progress.add(pending);
    }
}
