package org.parle.djl.comm.mpi;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The thread that moves MPI's calls forward while all others compute, since Open MPI works on what
 * is under way only inside calls. Whoever waits for one moves it forward too.
 */
final class MpiProgress {

    private static final long PROGRESS_NANOS = 200_000;
    private static final long AWAITED_NANOS = 1_000_000;
    private static final long IDLE_NANOS = 20_000_000;
    private static final long ACTIVE_NANOS = 10_000_000;

    private final Set<MpiPending<?>> underWay = ConcurrentHashMap.newKeySet();
    private final MpiControl control;
    private final BooleanSupplier ended;
    private final Thread thread = new Thread(this::run, "parle-mpi-progress");
    private volatile long newest;
    private volatile boolean idle;

    MpiProgress(MpiControl control, BooleanSupplier ended) {
        this.control = control;
        this.ended = ended;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void add(MpiPending<?> pending) {
        underWay.add(pending);
        newest = System.nanoTime();
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Brings to its end what was started and never waited for; returns whether it did in time. */
    boolean drain(long nanos) {
        long end = System.nanoTime() + nanos;
        while (!underWay.isEmpty() && System.nanoTime() < end) {
            underWay.removeIf(MpiPending::moved);
            LockSupport.parkNanos(PROGRESS_NANOS);
        }
        return underWay.isEmpty();
    }

    private void run() {
        long polled = System.nanoTime();
        while (!ended.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - polled >= IDLE_NANOS) {
                polled = now;
                control.poll();
            }
            underWay.removeIf(MpiPending::moved);
            // where one call follows another, waking up for each would cost more than it brings
            idle = now - newest > ACTIVE_NANOS;
            // after that: a call that comes in between sees that it has to wake this thread
            if (!underWay.isEmpty()) {
                idle = false;
            }
            LockSupport.parkNanos(underWay, pause());
        }
    }

    private long pause() {
        if (idle) {
            return IDLE_NANOS;
        }
        // whoever waits moves its call forward, on a core that this thread would take away
        return underWay.stream().allMatch(MpiPending::isAwaited) ? AWAITED_NANOS : PROGRESS_NANOS;
    }
}
