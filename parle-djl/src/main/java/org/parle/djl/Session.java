package org.parle.djl;

import org.parle.djl.comm.LocalGroup;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the bodies that one {@link Replicas} runs in this JVM share. */
final class Session {

    private final LocalGroup bodies;
    private final int bodiesHere;
    private final Integer seed;
    private final Map<Integer, LocalGroup> groups = new ConcurrentHashMap<>();
    private final long[] progress;
    private long lastStep = Long.MAX_VALUE;
    private boolean stopping;

    Session(LocalGroup bodies, int bodiesHere, Integer seed) {
        this.bodies = bodies;
        this.bodiesHere = bodiesHere;
        this.seed = seed;
        progress = new long[bodiesHere];
    }

    LocalGroup bodies() {
        return bodies;
    }

    int bodiesHere() {
        return bodiesHere;
    }

    Integer seed() {
        return seed;
    }

    int localIndex(int rank) {
        return rank % bodiesHere;
    }

    /** Returns the group that the replicas of all bodies' trainers with this number share. */
    LocalGroup group(int trainer, int replicasEach) {
        return groups.computeIfAbsent(
                trainer, key -> new LocalGroup(bodiesHere * replicasEach, World.TIMEOUT));
    }

    /** Ends all waits of all bodies. */
    void abort(Throwable cause) {
        bodies.communicator(0).abort(cause);
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
