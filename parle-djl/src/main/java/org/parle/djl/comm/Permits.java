package org.parle.djl.comm;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Limits how many replica threads compute at once, so that there may be many more replicas than
 * cores.
 *
 * <p>A thread takes a permit before it computes; while it waits for others ({@link #whileWaiting},
 * as every wait of a communicator does) the permit is lent to the next thread in line. A thread
 * whose wait fails goes on without a permit if none is free, so that it can leave; its next wait
 * that ends well takes one again. Safe for any number of threads; a permit belongs to the thread
 * that took it.
 */
public final class Permits {

    private static final ThreadLocal<Place> PLACE = ThreadLocal.withInitial(Place::new);

    private final PermitQueue queue;

    /** What a thread has to do with permits. */
    private static final class Place {

        /** Those it computes with, null for none. */
        private Permits permits;

        /** Those of the thread that it works for. */
        private Permits helped;

        /** Whether it holds one of them now. */
        private boolean holds;

        private boolean waits;
        private long waited;
    }

    /**
     * Creates the permits, for which threads wait for ever.
     *
     * @param workers how many threads may compute at once, at least 1
     * @throws IllegalArgumentException if there are none
     */
    public Permits(int workers) {
        this(workers, Timeouts.FOREVER);
    }

    /**
     * Creates the permits.
     *
     * @param workers how many threads may compute at once, at least 1
     * @param timeout how long a thread waits for a permit since one last changed hands; then all
     *     waits for these permits end
     * @throws IllegalArgumentException if there are none, or the timeout is not positive
     */
    public Permits(int workers, Duration timeout) {
        if (workers < 1) {
            throw new IllegalArgumentException(
                    "at least 1 worker is needed to compute, given " + workers);
        }
        queue = new PermitQueue(workers, Timeouts.check(timeout));
    }

    /** Returns the permits that the current thread computes with or for, null for none. */
    static Permits ofThisThread() {
        Place place = PLACE.get();
        return place.permits == null ? place.helped : place.permits;
    }

    PermitQueue queue() {
        return queue;
    }

    /**
     * Takes a permit for the current thread and waits until there is one.
     *
     * @throws IllegalStateException if the thread took one already
     * @throws CommunicationException if the thread is interrupted (its flag stays set), if no
     *     permit changed hands within the timeout (the message names the threads that hold them),
     *     or after {@link #abort} (the cause is what was given)
     */
    public void acquire() {
        Place place = PLACE.get();
        if (place.permits != null) {
            throw new IllegalStateException("this thread holds a permit already; release it first");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CommunicationException("interrupted before taking a permit");
        }
        queue.take(() -> {});
        place.permits = this;
        place.holds = true;
    }

    /**
     * Gives the current thread's permit back, if a failed wait has left it one.
     *
     * @throws IllegalStateException if it took none of these
     */
    public void release() {
        Place place = PLACE.get();
        if (place.permits != this) {
            throw new IllegalStateException("this thread holds no permit; acquire one first");
        }
        place.permits = null;
        giveBack(place, queue);
    }

    /**
     * Ends all waits for these permits, now and later, with a {@link CommunicationException} that
     * has this cause. Any thread may call it; only the first call counts.
     *
     * @param cause what went wrong
     */
    public void abort(Throwable cause) {
        queue.end(Objects.requireNonNull(cause, "cause"));
    }

    /**
     * Runs a wait without a permit: one that the current thread holds is given back before and
     * taken again after. If the wait throws, it is taken again only where it is free.
     *
     * @param wait what blocks
     * @throws CommunicationException if no permit is to be had after it, as {@link #acquire}
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
     * @throws CommunicationException if no permit is to be had after it, as {@link #acquire}
     */
    public static <T> T whileWaiting(Supplier<T> wait) {
        return whileWaiting(wait, () -> {});
    }

    /**
     * As {@link #whileWaiting(Supplier)}; no wait for a permit lasts once {@code failed} throws.
     */
    static <T> T whileWaiting(Supplier<T> wait, Runnable failed) {
        Place place = PLACE.get();
        if (place.waits) {
            return wait.get();
        }
        long begin = System.nanoTime();
        place.waits = true;
        try {
            return place.permits == null ? wait.get() : withoutPermit(place, wait, failed);
        } finally {
            place.waits = false;
            place.waited += System.nanoTime() - begin;
        }
    }

    /**
     * Returns work that another thread does for the current one, while that waits for it. It takes
     * no permit; its waits know of the current thread's permits, so that their time runs anew as
     * long as these change hands.
     *
     * @param work what to do
     * @return the same work, for any thread
     */
    public static Runnable helping(Runnable work) {
        Permits helped = ofThisThread();
        return () -> {
            Place place = PLACE.get();
            Permits before = place.helped;
            place.helped = helped;
            try {
                work.run();
            } finally {
                place.helped = before;
            }
        };
    }

    private static <T> T withoutPermit(Place place, Supplier<T> wait, Runnable failed) {
        Permits permits = place.permits;
        place.permits = null;
        giveBack(place, permits.queue);
        try {
            T value = wait.get();
            permits.queue.take(failed);
            place.holds = true;
            return value;
        } finally {
            place.permits = permits;
            if (!place.holds) {
                place.holds = permits.queue.takeIfFree();
            }
        }
    }

    private static void giveBack(Place place, PermitQueue queue) {
        if (place.holds) {
            place.holds = false;
            queue.give();
        }
    }

    /**
     * Returns how long the current thread has waited in {@link #whileWaiting} so far, also for a
     * permit after it.
     *
     * @return nanoseconds
     */
    public static long waitedNanos() {
        return PLACE.get().waited;
    }
}
