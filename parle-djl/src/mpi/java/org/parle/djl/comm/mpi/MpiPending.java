package org.parle.djl.comm.mpi;

import mpi.MPIException;
import mpi.Request;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Pending;
import org.parle.djl.comm.Permits;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Requests under way, in stages: the next stage starts when all requests of one have ended. */
final class MpiPending<T> implements Pending<T> {

    /** Whether ranks share cores: whoever is waited for may wait for this one's. */
    private static final boolean CROWDED =
            Runtime.getRuntime().availableProcessors() < new MpiProvider().localSize();

    /** As long as a wait for a message among ranks that call together. */
    private static final long SPIN_NANOS = CROWDED ? 1_000_000 : 2_000_000;

    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 1_000_000;

    private final MpiCommunicator communicator;
    private final String title;
    private final int number;
    private final Deque<Mpi.Action<List<Request>>> stages;
    private final Supplier<T> result;
    // requests must be reachable until they have ended
    private final List<Request> requests = new ArrayList<>();
    private volatile long progressed;
    private volatile boolean ended;
    private volatile boolean awaited;
    private volatile RuntimeException failure;
    private boolean taken;
    private T value;

    MpiPending(
            MpiCommunicator communicator,
            String title,
            List<Mpi.Action<List<Request>>> stages,
            Supplier<T> result) {
        this.communicator = communicator;
        this.title = title;
        this.stages = new ArrayDeque<>(stages);
        this.result = result;
        number = communicator.calls();
    }

    /** Tests and goes on; returns whether there is nothing left to do. Any thread. */
    boolean advance() {
        if (!ended && failure == null) {
            try {
                ended = Mpi.call(this::step);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        return ended || failure != null;
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

    private boolean step() throws MPIException {
        while (!ended) {
            for (int i = requests.size() - 1; i >= 0; i--) {
                if (requests.get(i).test()) {
                    requests.remove(i);
                    progressed = System.nanoTime();
                }
            }
            if (!requests.isEmpty()) {
                return false;
            }
            if (stages.isEmpty()) {
                return true;
            }
            requests.addAll(stages.remove().run());
        }
        return true;
    }

    @Override
    public T await() {
        return await(communicator.timeout());
    }

    @Override
    public T await(Duration timeout) {
        if (!advance()) {
            awaited = true;
            Permits.whileWaiting(() -> poll(timeout));
            awaited = false;
        }
        if (failure != null) {
            communicator.fail(failure);
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
            communicator.throwIfAborted();
            if (Thread.currentThread().isInterrupted()) {
                throw new CommunicationException("interrupted while waiting for " + title);
            }
            if (System.nanoTime() - seen > SPIN_NANOS) {
                if (watch == null) {
                    watch = new MpiWatch(communicator, title, number, timeout, start);
                }
                try {
                    watch.check();
                } catch (CommunicationException e) {
                    failure = e;
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
