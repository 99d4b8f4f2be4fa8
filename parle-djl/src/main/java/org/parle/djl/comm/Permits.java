package org.parle.djl.comm;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits how many replica threads compute at once, so that there may be many more replicas than
 * cores.
 *
 * <p>A thread takes a permit before it computes; while it waits for others ({@link #whileWaiting},
 * as every wait of a communicator does) the permit is lent to the next thread in line. Safe for any
 * number of threads; a permit belongs to the thread that took it.
 */
public final class Permits {

    private static final ThreadLocal<Permits> HELD = new ThreadLocal<>();
    private static final ThreadLocal<long[]> WAITED = ThreadLocal.withInitial(() -> new long[1]);

    // fair: a replica that waits long would hold up all others at the next synchronisation
    private final Semaphore semaphore;

    /**
     * Creates the permits.
     *
     * @param workers how many threads may compute at once, at least 1
     * @throws IllegalArgumentException if there are none
     */
    public Permits(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException(
                    "at least 1 worker is needed to compute, given " + workers);
        }
        semaphore = new Semaphore(workers, true);
    }

    /**
     * Takes a permit for the current thread and waits until there is one.
     *
     * @throws IllegalStateException if the thread holds one already
     * @throws CommunicationException if the thread is interrupted; its flag stays set
     */
    public void acquire() {
        if (HELD.get() != null) {
            throw new IllegalStateException("this thread holds a permit already; release it first");
        }
        try {
            semaphore.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommunicationException("interrupted while waiting for a permit", e);
        }
        HELD.set(this);
    }

    /**
     * Gives the current thread's permit back.
     *
     * @throws IllegalStateException if it holds none of these
     */
    public void release() {
        if (HELD.get() != this) {
            throw new IllegalStateException("this thread holds no permit; acquire one first");
        }
        HELD.remove();
        semaphore.release();
    }

    /**
     * Runs a wait without a permit: one that the current thread holds is given back before and
     * taken again after, also when the wait throws.
     *
     * @param wait what blocks
     */
    public static void whileWaiting(Runnable wait) {
        whileWaiting(
                () -> {
                    wait.run();
                    return null;
                });
    }

    /**
     * Runs a wait without a permit, as {@link #whileWaiting(Runnable)}, and passes on what it
     * brought.
     *
     * @param wait what blocks
     * @param <T> what it brings
     * @return what it brought
     */
    public static <T> T whileWaiting(Supplier<T> wait) {
        long begin = System.nanoTime();
        try {
            return withoutPermit(wait);
        } finally {
            WAITED.get()[0] += System.nanoTime() - begin;
        }
    }

    /**
     * Returns how long the current thread has waited in {@link #whileWaiting} so far, also for a
     * permit after it.
     *
     * @return nanoseconds
     */
    public static long waitedNanos() {
        return WAITED.get()[0];
    }

    private static <T> T withoutPermit(Supplier<T> wait) {
        Permits held = HELD.get();
        if (held == null) {
            return wait.get();
        }
        held.release();
        try {
            return wait.get();
        } finally {
            // whoever holds one gives it back when it waits or ends: no interruption is needed here
            held.semaphore.acquireUninterruptibly();
            HELD.set(held);
        }
    }
}
