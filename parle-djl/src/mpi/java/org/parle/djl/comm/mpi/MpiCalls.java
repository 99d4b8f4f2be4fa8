package org.parle.djl.comm.mpi;

import mpi.Request;

import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.Pending;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The calls of one communicator: how many there were and which is the newest, what others are told
 * that wait for this rank, and whether one has failed.
 */
final class MpiCalls {

    /**
     * The newest call.
     *
     * @param number how many calls there were
     * @param title what it was
     */
    record Newest(int number, String title) {}

    /** For the meeting of all ranks that begins a call. */
    static final int MEETING = 2;

    /** The smallest upper bound of tags in the standard, by five: two kinds have two each. */
    private static final int TAGS = 6_500;

    private final MpiControl control;
    private final int id;
    private final Duration timeout;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<Runnable> last = new AtomicReference<>();
    private volatile Newest newest = new Newest(0, "");

    /** The calls of a new communicator; all ranks make theirs in the same order. */
    MpiCalls(MpiControl control, Duration timeout) {
        this.control = control;
        this.timeout = timeout;
        id = control.add(this);
    }

    MpiControl control() {
        return control;
    }

    /** Returns the number of this communicator, the same on all ranks. */
    int id() {
        return id;
    }

    /** Returns how long a wait lasts at the most where none else is said. */
    Duration timeout() {
        return timeout;
    }

    Newest newest() {
        return newest;
    }

    /** Returns the number that the next call will have. */
    int nextNumber() {
        return newest.number() + 1;
    }

    /** Different calls at the same place do not meet: the watch tells. */
    int nextTag(int kind) {
        return 5 * (newest.number() % TAGS) + 2 * kind;
    }

    <T> Pending<T> begin(String what, List<Mpi.Action<List<Request>>> stages, Supplier<T> result) {
        return begin(what, new MpiStages(stages), result);
    }

    <T> Pending<T> begin(String what, MpiWork work, Supplier<T> result) {
        Mpi.enter();
        newest = new Newest(newest.number() + 1, what);
        underWay.incrementAndGet();
        MpiPending<T> pending = new MpiPending<>(this, what, work, result);
        // the first stage at once: MPI matches by order
        if (!pending.advance()) {
            Mpi.underWay(pending);
        }
        return pending;
    }

    /** Notes that there is nothing left to do for a call. */
    void ended() {
        if (underWay.decrementAndGet() == 0) {
            runLast();
        }
    }

    /**
     * Takes no more calls. What is to be done last is done when all are through, and never once one
     * has failed: MPI may still write.
     */
    void close(Runnable atLast) {
        if (closed.compareAndSet(false, true)) {
            last.set(atLast);
            if (underWay.get() == 0) {
                runLast();
            }
        }
    }

    private void runLast() {
        Runnable todo = failure.get() == null ? last.getAndSet(null) : null;
        if (todo != null) {
            todo.run();
        }
    }

    /** Lets all later calls fail. */
    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Refuses a call that cannot begin. */
    void check() {
        if (closed.get()) {
            throw new IllegalStateException(
                    "the communicator of process " + control.rank() + " is closed");
        }
        throwIfAborted();
    }

    void throwIfAborted() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw Implementations.ended(cause);
        }
    }
}
