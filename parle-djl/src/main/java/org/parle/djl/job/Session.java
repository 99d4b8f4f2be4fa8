package org.parle.djl.job;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.LocalGroup;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What the bodies that run together in this process share: how they talk, what has failed, and
 * whether they are asked to stop.
 */
public final class Session {

    /** One of each body's trainers: how they talk, where they stand, and how many are open. */
    private record Trainers(LocalGroup group, TrainerSteps steps, AtomicInteger open) {}

    private final List<Communicator> bodies;
    private final Duration timeout;
    private final Integer seed;
    private final boolean running;
    private final Failure failure = new Failure();
    private final Map<Integer, Trainers> trainers = new ConcurrentHashMap<>();
    private final long[] progress;
    private long lastStep = Long.MAX_VALUE;
    private boolean stopping;

    private Session(List<Communicator> bodies, Duration timeout, Integer seed, boolean running) {
        this.bodies = bodies;
        this.timeout = timeout;
        this.seed = seed;
        this.running = running;
        progress = new long[bodies.size()];
        failure.onFailure(bodies.get(0)::abort);
    }

    /**
     * Begins one, with the other processes there are. Collective.
     *
     * @param size how many bodies there are, over all processes
     * @param timeout of their waits
     * @param seed that was set, null for none
     * @return the session
     */
    public static Session begin(int size, Duration timeout, Integer seed) {
        return new Session(connect(size, timeout), timeout, seed, true);
    }

    /** Begins that of a thread which nobody else runs, with those of the other processes. */
    static Session plain(Duration timeout) {
        return new Session(List.of(Job.current().connect(timeout)), timeout, null, false);
    }

    private static List<Communicator> connect(int size, Duration timeout) {
        Communicator processes = Job.current().connect(timeout);
        int bodiesHere = size / processes.size();
        if (size % processes.size() != 0) {
            int less = bodiesHere * processes.size();
            throw new IllegalArgumentException(
                    (size == 1 ? "1 replica does" : size + " replicas do")
                            + " not divide among "
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

    /**
     * Returns how this process's bodies talk.
     *
     * @return one communicator for each
     */
    public List<Communicator> bodies() {
        return bodies;
    }

    /**
     * Returns how many bodies this process runs.
     *
     * @return at least 1
     */
    public int bodiesHere() {
        return bodies.size();
    }

    /**
     * Returns what ends all bodies when one fails.
     *
     * @return always the same one
     */
    public Failure failure() {
        return failure;
    }

    /**
     * Returns how long a wait of a body lasts at the most.
     *
     * @return above zero
     */
    public Duration timeout() {
        return timeout;
    }

    Integer seed() {
        return seed;
    }

    /** Returns whether {@code Replicas} runs it. */
    boolean isRunning() {
        return running;
    }

    private int localIndex(int rank) {
        return rank % bodies.size();
    }

    /**
     * Connects the trainers with a number, one of each body.
     *
     * @param number of the trainer in its body, from 0
     * @param count the replicas of each
     * @param rank the calling body's
     */
    TrainerGroup group(int number, int count, int rank) {
        Trainers all = trainers.computeIfAbsent(number, key -> connectTrainers(count));
        int index = localIndex(rank);
        if (count == 1) {
            return new TrainerGroup(
                    List.of(bodies.get(index)), all.steps(), rank, () -> closed(number, all));
        }
        List<Communicator> communicators =
                IntStream.range(0, count)
                        .mapToObj(i -> all.group().communicator(index * count + i))
                        .toList();
        Consumer<Throwable> abort = communicators.get(0)::abort;
        failure.onFailure(abort);
        return new TrainerGroup(
                communicators,
                all.steps(),
                rank,
                () -> {
                    communicators.forEach(Communicator::close);
                    failure.forget(abort);
                    closed(number, all);
                });
    }

    private void closed(int number, Trainers all) {
        if (all.open().decrementAndGet() == 0) {
            trainers.remove(number);
        }
    }

    private Trainers connectTrainers(int count) {
        LocalGroup group =
                count == 1
                        ? null
                        : new LocalGroup(
                                bodies.size() * count, Job.current().connect(timeout), timeout);
        return new Trainers(group, new TrainerSteps(), new AtomicInteger(bodies.size()));
    }

    /**
     * Asks all bodies to stop after the same step: in one process the first that none has begun.
     */
    public synchronized void stop() {
        if (!stopping) {
            stopping = true;
            lastStep = 0;
            for (long steps : progress) {
                lastStep = Math.max(lastStep, steps + 1);
            }
        }
    }

    /** Returns whether this process was asked to stop. */
    synchronized boolean isStopping() {
        return stopping;
    }

    /** Notes that a body took a step; returns whether all are to stop after it. */
    synchronized boolean stepDone(int rank, long steps) {
        progress[localIndex(rank)] = steps;
        return steps >= lastStep;
    }
}
