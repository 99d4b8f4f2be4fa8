package org.parle.djl.comm.mpi;

import mpi.MPIException;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Pending;
import org.parle.djl.comm.Permits;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A call under way: whoever waits for it moves it forward, else the progress thread. */
final class MpiPending<T> implements Pending<T> {

    /** Whether ranks share cores: whoever is waited for may wait for this one's. */
    private static final boolean CROWDED =
            Runtime.getRuntime().availableProcessors() < new MpiProvider().localSize();

    /** As long as a wait for a message among ranks that call together. */
    private static final long SPIN_NANOS = CROWDED ? 1_000_000 : 2_000_000;

    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 1_000_000;

    private final MpiCalls calls;
    private final String title;
    private final int number;
    private final MpiWork work;
    private final Supplier<T> result;
    private volatile long progressed;
    private volatile boolean ended;
    private volatile boolean awaited;
    private volatile RuntimeException failure;
    private boolean taken;
    private T value;

    MpiPending(MpiCalls calls, String title, MpiWork work, Supplier<T> result) {
        this.calls = calls;
        this.title = title;
        this.work = work;
        this.result = result;
        number = calls.newest().number();
    }

    /** Goes on as far as it can; returns whether there is nothing left to do. Any thread. */
    boolean advance() {
        MpiWork.Progress progress = MpiWork.Progress.SOME;
        // the lock is free in between, for whoever else has something to do
        while (progress == MpiWork.Progress.SOME && !ended && failure == null) {
            try {
                progress = Mpi.call(this::step);
            } catch (RuntimeException e) {
                fail(e);
            }
        }
        return ended || failure != null;
    }

    /** Ends all calls: whoever waits for another may wait for this one without knowing. */
    private void fail(RuntimeException e) {
        failure = e;
        calls.fail(e);
    }

    /**
     * Goes on unless whoever waits does so, and returns whether nothing is under way: what has
     * failed may still be written to.
     */
    boolean moved() {
        if (!awaited) {
            advance();
        }
        return ended;
    }

    /** Returns whether a thread waits for this, and moves it forward. */
    boolean isAwaited() {
        return awaited;
    }

    private MpiWork.Progress step() throws MPIException {
        // another thread may have got here first
        if (ended) {
            return MpiWork.Progress.DONE;
        }
        MpiWork.Progress progress = work.advance();
        if (progress != MpiWork.Progress.NONE) {
            progressed = System.nanoTime();
        }
        if (progress == MpiWork.Progress.DONE) {
            ended = true;
            calls.ended();
        }
        return progress;
    }

    @Override
    public T await() {
        return await(calls.timeout());
    }

    @Override
    public T await(Duration timeout) {
        if (!advance()) {
            awaited = true;
            try {
                Permits.whileWaiting(() -> poll(timeout));
            } finally {
                awaited = false;
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (!taken) {
            value = result.get();
            taken = true;
        }
        return value;
    }

    @SuppressWarnings("ThreadPriorityCheck") // yield: the core goes to the rank that is waited for
    private void poll(Duration timeout) {
        MpiWatch watch = null;
        long start = System.nanoTime();
        progressed = start;
        long seen = start;
        long pause = SHORTEST_NANOS;
        while (!advance()) {
            if (seen != progressed) {
                seen = progressed;
                pause = SHORTEST_NANOS;
            }
            calls.throwIfAborted();
            if (Thread.currentThread().isInterrupted()) {
                throw new CommunicationException("interrupted while waiting for " + title);
            }
            if (System.nanoTime() - seen > SPIN_NANOS) {
                if (watch == null) {
                    watch = new MpiWatch(calls, title, number, timeout, start);
                }
                try {
                    watch.check();
                } catch (CommunicationException e) {
                    fail(e);
                }
                LockSupport.parkNanos(this, pause);
                pause = Math.min(LONGEST_NANOS, 2 * pause);
            } else if (CROWDED) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
