package org.parle.djl.job;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the calling thread's body stands among all: one of a {@link Session}'s, or its process's
 * only one.
 */
public final class World {

    /** Of a wait, in seconds; {@code Replicas} may set another. */
    private static final String TIMEOUT_PROPERTY = "parle.timeout";

    /** A failure ends all waits at once, so this only has to end a true standstill. */
    private static final long TIMEOUT_SECONDS = 1800;

    private static final ThreadLocal<World> CURRENT = new ThreadLocal<>();
    private static World plain;

    private final Session session;
    private final Communicator bodies;
    private final Map<String, String> terms = new LinkedHashMap<>();
    private int trainers;
    private long steps;

    /**
     * Creates that of a body.
     *
     * @param session what it shares with others
     * @param bodies how it talks to them
     */
    public World(Session session, Communicator bodies) {
        this.session = session;
        this.bodies = bodies;
    }

    /**
     * Returns the world of the calling thread.
     *
     * @return the one that it has entered, else the process's own
     */
    public static World current() {
        World world = CURRENT.get();
        return world == null ? plain() : world;
    }

    /**
     * Returns where a thread stands that is no body of {@code Replicas}. The first call is
     * collective.
     *
     * @return in a job of several processes always the same
     */
    public static synchronized World plain() {
        if (Job.current().isAlone()) {
            return newPlain();
        }
        if (plain == null) {
            plain = newPlain();
            Job.name(plain.bodies().rank());
            if (System.getenv("OMP_NUM_THREADS") == null) {
                Engine.getInstance();
                JniUtils.setNumThreads(Job.current().cores());
            }
        }
        return plain;
    }

    private static World newPlain() {
        Session session = Session.plain(timeout());
        return new World(session, session.bodies().get(0));
    }

    /**
     * Returns how long a wait lasts at the most if nothing else is set: what the system property
     * {@code parle.timeout} says, in seconds, else half an hour.
     *
     * @return above zero
     * @throws IllegalArgumentException if the property is no whole number above zero
     */
    public static Duration timeout() {
        String value = System.getProperty(TIMEOUT_PROPERTY);
        if (value == null) {
            return Duration.ofSeconds(TIMEOUT_SECONDS);
        }
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    TIMEOUT_PROPERTY + " must be whole seconds, at least 1, not " + value);
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }

    /** Makes this the calling thread's world. */
    public void enter() {
        CURRENT.set(this);
    }

    /** Leaves the calling thread in the process's own world. */
    public static void leave() {
        CURRENT.remove();
    }

    /**
     * Returns how the bodies talk.
     *
     * @return this body's communicator
     */
    public Communicator bodies() {
        return bodies;
    }

    /**
     * Returns the seed that was set for the session.
     *
     * @return null for none
     */
    public Integer seed() {
        return session.seed();
    }

    /**
     * Returns how many bodies this process runs on threads.
     *
     * @return at least 1
     */
    public int bodiesHere() {
        return session.bodiesHere();
    }

    /**
     * Returns whether other processes have bodies too.
     *
     * @return whether what bodies share in memory does not reach all
     */
    public boolean isSpread() {
        return bodies.size() > session.bodiesHere();
    }

    /**
     * Returns what ends all bodies when one fails.
     *
     * @return the session's
     */
    public Failure failure() {
        return session.failure();
    }

    /**
     * Connects the replicas of a new trainer with those of all bodies. Collective.
     *
     * @param count the replicas of this body's trainer, the same for all
     * @return the trainer's group, which it closes
     */
    public TrainerGroup replicas(int count) {
        return session.group(trainers++, count, bodies.rank());
    }

    /**
     * Adds to what all bodies must have in common.
     *
     * @param name of it
     * @param value this body's
     */
    public void mustAgree(String name, String value) {
        terms.put(line(name), line(value));
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /**
     * Adds up a number of each body. Collective.
     *
     * @param own this body's
     * @return the sum
     */
    public long sum(long own) {
        return Handshake.exchange(bodies, String.valueOf(own)).stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    /**
     * Returns what was added since this was called last.
     *
     * @return values by name
     */
    public Map<String, String> takeTerms() {
        Map<String, String> taken = new LinkedHashMap<>(terms);
        terms.clear();
        return taken;
    }

    /**
     * Notes that a step was taken.
     *
     * @return whether the session was asked to stop, and this was the last; with other processes
     *     that is for all to agree on
     * @throws CommunicationException if the body's thread was interrupted
     */
    public boolean stepDone() {
        steps++;
        if (session.isRunning() && Thread.currentThread().isInterrupted()) {
            throw new CommunicationException("interrupted after step " + steps);
        }
        return session.stepDone(bodies.rank(), steps) && !isSpread();
    }

    /**
     * Returns whether this process was asked to stop.
     *
     * @return true from the first request on
     */
    public boolean isStopping() {
        return session.isStopping();
    }

    /**
     * Notes the steps that a run has taken before it was resumed.
     *
     * @param before how many
     */
    public void resumed(long before) {
        steps += before;
    }

    /**
     * Ends all bodies, since this one failed.
     *
     * @param cause what happened
     */
    public void fail(Throwable cause) {
        session.failure().fail(bodies.rank(), cause);
    }
}
