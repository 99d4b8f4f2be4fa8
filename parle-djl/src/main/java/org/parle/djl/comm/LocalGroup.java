package org.parle.djl.comm;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/**
 * The replicas of this JVM, one thread each, alone or together with those of other processes.
 *
 * <p>Call number k of all replicas meets at one place. Once all have called, whoever waits works:
 * the vector is cut into shares that waiting threads claim one by one, so no replica has to wait
 * for one that computes elsewhere. An all-reduce sums in rank order: all replicas end with the same
 * bits, in every run.
 *
 * <p>With other processes each call first runs among the replicas here; then one thread calls the
 * other processes on behalf of all, in the order of calls; then the answer is spread. So the
 * traffic between processes does not grow with the replicas in each (all-reduce, broadcast). The
 * mean is the mean of the processes' means, each of as many replicas.
 *
 * <p><b>Bytes.</b> A replica's counters hold what it exchanges with replicas of its own process,
 * per call of d floats among n: all-reduce 2(n &minus; 1)/n &middot; 4d sent and received, to
 * within one entry per share, 2(n &minus; 1) &middot; 4d over all; broadcast 4d to each from the
 * root; messages their length for each receiver; barrier 0. What goes between processes the first
 * replica of each counts too.
 *
 * <p><b>Threads.</b> The group is safe for any threads; each of its communicators as {@link
 * Communicator} says. Its waits give a {@linkplain Permits permit} back as long as they last. A
 * wait that runs out of time ends the group for all; its time runs anew whenever such a permit goes
 * to a thread that waits for one. A failure of the group ends waits for a permit, too.
 */
public final class LocalGroup {

    private final Members members;
    private final Duration timeout;
    private final Processes processes;
    private final LocalCommunicator[] communicators;
    private final Map<Long, Slot> meetings = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final News news = new News();
    private final Handles handles;
    private final Set<Integer> left = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open;

    // of the replicas that wait, usually the same for all
    private final Set<Permits> lenders = ConcurrentHashMap.newKeySet();

    /**
     * Creates a group of replicas in this JVM.
     *
     * @param size how many, at least 1
     * @param timeout how long a wait lasts at the most where none else is said
     * @throws IllegalArgumentException if the size or the timeout is not positive
     */
    public LocalGroup(int size, Duration timeout) {
        this(size, null, timeout);
    }

    /**
     * Creates this process's part of a group over several processes. Replica i of process p has
     * rank p &middot; localSize + i.
     *
     * @param localSize how many replicas in this process, at least 1, the same in all processes
     * @param outer connects the processes, one rank each; the group's alone from now on, closed
     *     with the last of its communicators. Null, or a group of one: there are no other processes
     * @param timeout how long a wait lasts at the most where none else is said
     * @throws IllegalArgumentException if the size or the timeout is not positive
     */
    public LocalGroup(int localSize, Communicator outer, Duration timeout) {
        if (localSize < 1) {
            throw new IllegalArgumentException("a group has at least 1 replica, not " + localSize);
        }
        boolean alone = outer == null || outer.size() == 1;
        members =
                alone
                        ? new Members(localSize, 0, 1)
                        : new Members(localSize, outer.rank(), outer.size());
        processes = alone ? null : new Processes(this, outer);
        this.timeout = Timeouts.check(timeout);
        handles = new Handles(localSize);
        open = new AtomicInteger(localSize);
        communicators = new LocalCommunicator[localSize];
        for (int i = 0; i < localSize; i++) {
            communicators[i] = new LocalCommunicator(this, i);
        }
    }

    /**
     * Returns the communicator of one of this process's replicas.
     *
     * @param index which of them, from 0; without other processes its rank
     * @return always the same one
     * @throws IllegalArgumentException if there is no such replica
     */
    public Communicator communicator(int index) {
        if (index < 0 || index >= communicators.length) {
            throw new IllegalArgumentException(
                    "no replica " + index + " in a group of " + communicators.length);
        }
        return communicators[index];
    }

    Members members() {
        return members;
    }

    Duration timeout() {
        return timeout;
    }

    /** The way to the other processes, or null where there are none. */
    Processes processes() {
        return processes;
    }

    /** Returns what the communicator between processes counts, 0 where there is none. */
    long between(ToLongFunction<Communicator> count) {
        return processes == null ? 0 : count.applyAsLong(processes.communicator());
    }

    Handles handles() {
        return handles;
    }

    /** Brings a replica's call to its place. */
    Slot meet(long number, int index, Call call) {
        Slot slot = meetings.computeIfAbsent(number, n -> new Slot(n, this));
        if (slot.arrive(index, call)) {
            meetings.remove(number);
            if (processes != null) {
                // so that the processes talk while the replicas compute on
                slot.help();
            }
        }
        return slot;
    }

    /** Notes that a replica has ended, once: whoever waits for it need not wait any longer. */
    void leave(int rank) {
        left.add(rank);
        signal();
        if (open.decrementAndGet() == 0 && processes != null) {
            processes.communicator().close();
        }
    }

    boolean anyLeft() {
        return !left.isEmpty();
    }

    boolean hasLeft(int rank) {
        return left.contains(rank);
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    void throwIfFailed() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw CommunicationException.ended(cause);
        }
    }

    /** Ends the group for all replicas, in other processes too; only the first cause counts. */
    <T extends Throwable> T fail(T cause) {
        if (failure.compareAndSet(null, Objects.requireNonNull(cause, "cause"))) {
            // here first: whatever the other processes' communicator does, nobody sleeps on
            signal();
            lenders.forEach(permits -> permits.queue().wake());
            abortProcesses(cause);
        }
        return cause;
    }

    private void abortProcesses(Throwable cause) {
        try {
            if (processes != null) {
                processes.abort(cause);
            }
        } catch (RuntimeException | Error e) {
            // the cause is what all are told; it cannot suppress itself
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Notes whose permits a replica has given back to wait here. */
    void lent(Permits permits) {
        lenders.add(permits);
    }

    /** Runs what is done on behalf of all replicas: if it fails, none of them may wait for it. */
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Wakes all who wait, after something has changed that they look at. */
    void signal() {
        news.signal();
    }

    /** Where those who wait sleep. */
    News news() {
        return news;
    }
}
