package org.parle.djl.comm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Who holds a permit and who waits for one, first come, first served: a replica that waits long
 * would hold up all others at the next synchronisation.
 *
 * <p>The time that a thread may wait runs from the last permit that changed hands. Safe for any
 * threads.
 */
final class PermitQueue {

    private static final int NAMES = 8;

    private final int permits;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private final List<Thread> holders = new ArrayList<>();
    private Throwable failure;
    private boolean everHandedOver;
    private long handedOver;

    /** One thread's place in the queue. */
    private static final class Turn {

        private final Thread thread = Thread.currentThread();
        private final Condition called;
        private boolean come;

        Turn(Condition called) {
            this.called = called;
        }
    }

    PermitQueue(int permits, Duration timeout) {
        this.permits = permits;
        this.timeout = timeout;
    }

    /**
     * Takes a permit, and waits for one.
     *
     * @param failed throws if what the thread works for has failed
     * @throws CommunicationException if it is interrupted (its flag stays set), if all has ended,
     *     or if no permit changes hands
     */
    void take(Runnable failed) {
        lock.lock();
        try {
            throwIfEnded(failed);
            if (takeFree()) {
                return;
            }
            Turn turn = new Turn(lock.newCondition());
            waiting.add(turn);
            try {
                await(turn, failed);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                // one that has its permit sees the interruption at its next wait
                if (!turn.come) {
                    throw new CommunicationException("interrupted while waiting for a permit", e);
                }
            } finally {
                waiting.remove(turn);
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(Turn turn, Runnable failed) throws InterruptedException {
        long start = System.nanoTime();
        long all = Timeouts.nanos(timeout);
        while (!turn.come) {
            throwIfEnded(failed);
            long left = all - Math.min(System.nanoTime() - start, nanosSinceHandover());
            if (left <= 0) {
                CommunicationException standstill = new CommunicationException(stuck());
                end(standstill);
                throw standstill;
            }
            turn.called.awaitNanos(left);
        }
    }

    private void throwIfEnded(Runnable failed) {
        if (failure != null) {
            throw CommunicationException.ended(failure);
        }
        failed.run();
    }

    /** Takes a permit if one is free and nobody waits. */
    boolean takeIfFree() {
        lock.lock();
        try {
            return failure == null && takeFree();
        } finally {
            lock.unlock();
        }
    }

    private boolean takeFree() {
        boolean free = holders.size() < permits && waiting.isEmpty();
        if (free) {
            holders.add(Thread.currentThread());
        }
        return free;
    }

    /** Gives the current thread's permit to the next in line. */
    void give() {
        lock.lock();
        try {
            holders.remove(Thread.currentThread());
            Turn next = waiting.poll();
            if (next != null) {
                next.come = true;
                holders.add(next.thread);
                everHandedOver = true;
                handedOver = System.nanoTime();
                next.called.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits for a permit, now and later; only the first cause counts. */
    void end(Throwable cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns what ended all waits, null for nothing. */
    Throwable failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Makes those who wait look whether what they work for has failed. */
    void wake() {
        lock.lock();
        try {
            waiting.forEach(turn -> turn.called.signal());
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long ago a permit went to a thread that waited for it, for ever if never. */
    long nanosSinceHandover() {
        lock.lock();
        try {
            return everHandedOver ? System.nanoTime() - handedOver : Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whom those wait for that wait for a permit; empty if nobody does. */
    String standstill() {
        lock.lock();
        try {
            return waiting.isEmpty() ? "" : held();
        } finally {
            lock.unlock();
        }
    }

    private String stuck() {
        return "no permit to compute changed hands within "
                + Timeouts.seconds(timeout)
                + " s: "
                + held()
                + ". Is it stuck in its own code? Otherwise a longer timeout or more workers help";
    }

    private String held() {
        String names =
                holders.stream()
                        .limit(NAMES)
                        .map(Thread::getName)
                        .collect(Collectors.joining(", "));
        int more = holders.size() - NAMES;
        return (permits == 1 ? "the only permit is held by " : "all permits are held by ")
                + names
                + (more > 0 ? " and " + more + " others" : "");
    }
}
