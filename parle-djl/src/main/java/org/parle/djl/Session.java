package org.parle.djl;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.LocalGroup;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** What the bodies that one {@link Replicas} runs in this process share. */
final class Session {

    private final List<Communicator> bodies;
    private final Duration timeout;
    private final Integer seed;
    private final Map<Integer, LocalGroup> groups = new ConcurrentHashMap<>();
    private final long[] progress;
    private long lastStep = Long.MAX_VALUE;
    private boolean stopping;

    /**
     * Begins one, with the other processes there are. Collective.
     *
     * @param size how many bodies there are, over all processes
     * @param timeout of their waits
     * @param seed that was set, null for none
     */
    Session(int size, Duration timeout, Integer seed) {
        this.timeout = timeout;
        this.seed = seed;
        bodies = connect(size);
        progress = new long[bodies.size()];
    }

    private List<Communicator> connect(int size) {
        Communicator processes = Job.current().connect(timeout);
        int bodiesHere = size / processes.size();
        if (size % processes.size() != 0) {
            int less = bodiesHere * processes.size();
            throw new IllegalArgumentException(
                    size
                            + " replicas do not divide among "
                            + processes.size()
                            + " processes: "
                            + (less == 0 ? "" : less + " or ")
                            + (less + processes.size())
                            + " would");
        }
        if (bodiesHere == 1 && processes.size() > 1) {
            return List.of(processes);
        }
        LocalGroup group = new LocalGroup(bodiesHere, processes, timeout);
        return IntStream.range(0, bodiesHere).mapToObj(group::communicator).toList();
    }

    /** Returns this process's bodies' communicators. */
    List<Communicator> bodies() {
        return bodies;
    }

    int bodiesHere() {
        return bodies.size();
    }

    Integer seed() {
        return seed;
    }

    /** Returns how long a wait of a body lasts at the most. */
    Duration timeout() {
        return timeout;
    }

    int localIndex(int rank) {
        return rank % bodies.size();
    }

    /** Returns the group that the replicas of all bodies' trainers with this number share. */
    LocalGroup group(int trainer, int replicasEach) {
        return groups.computeIfAbsent(
                trainer,
                key ->
                        new LocalGroup(
                                bodies.size() * replicasEach,
                                Job.current().connect(timeout),
                                timeout));
    }

    /** Ends all waits of all bodies. */
    void abort(Throwable cause) {
        bodies.get(0).abort(cause);
        groups.values().forEach(group -> group.communicator(0).abort(cause));
    }

    /** Asks all bodies to stop after the same step: the first that none has begun. */
    synchronized void stop() {
        if (!stopping) {
            stopping = true;
            lastStep = 0;
            for (long steps : progress) {
                lastStep = Math.max(lastStep, steps + 1);
            }
        }
    }

    synchronized void stepDone(int rank, long steps) {
        progress[localIndex(rank)] = steps;
        if (steps >= lastStep) {
            throw new ReplicasStoppedException(steps);
        }
    }
}
