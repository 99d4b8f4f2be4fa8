package org.parle.djl;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.LocalGroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the calling thread's body stands among all: one of a {@link Session}'s, or its process's
 * only one.
 */
final class World {

    /** A failure ends all waits at once, so this only has to end a true standstill. */
    static final Duration TIMEOUT = Duration.ofMinutes(30);

    private static final ThreadLocal<World> CURRENT = new ThreadLocal<>();

    private final Session session;
    private final Communicator bodies;
    private int trainers;
    private long steps;

    World(Session session, Communicator bodies) {
        this.session = session;
        this.bodies = bodies;
    }

    /** Returns the world of the calling thread. */
    static World current() {
        World world = CURRENT.get();
        return world == null ? Job.current().plain() : world;
    }

    static void enter(World world) {
        CURRENT.set(world);
    }

    static void leave() {
        CURRENT.remove();
    }

    /** Returns how the bodies talk. */
    Communicator bodies() {
        return bodies;
    }

    /** Returns the seed that was set for the session, null for none. */
    Integer seed() {
        return session == null ? null : session.seed();
    }

    /** Returns how many bodies this JVM runs on threads. */
    int bodiesHere() {
        return session == null ? 1 : session.bodiesHere();
    }

    /**
     * Connects the replicas of a new trainer with those of all bodies. Collective.
     *
     * @param count the replicas of this body's trainer, the same for all
     * @return one communicator for each
     */
    List<Communicator> replicas(int count) {
        int trainer = trainers++;
        if (bodies.size() > 1) {
            agree(count);
        }
        if (count == 1) {
            return List.of(bodies);
        }
        LocalGroup group =
                session == null
                        ? new LocalGroup(count, Job.current().connect(TIMEOUT), TIMEOUT)
                        : session.group(trainer, count);
        List<Communicator> communicators = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int body = session == null ? 0 : session.localIndex(bodies.rank());
            communicators.add(group.communicator(body * count + i));
        }
        return communicators;
    }

    private void agree(int count) {
        ByteBuffer own = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer[] all = bodies.allGather(own.putInt(0, count)).await();
        for (int rank = 0; rank < all.length; rank++) {
            int theirs = all[rank].order(ByteOrder.LITTLE_ENDIAN).getInt(0);
            if (theirs != count) {
                throw new IllegalStateException(
                        "replica bodies differ: body "
                                + rank
                                + " trains "
                                + theirs
                                + " replicas, body "
                                + bodies.rank()
                                + " trains "
                                + count
                                + "; give all trainers as many devices");
            }
        }
    }

    /**
     * Notes that a step was taken; throws if the session is asked to stop and this was the last.
     */
    void stepDone() {
        steps++;
        if (session != null) {
            session.stepDone(bodies.rank(), steps);
        }
    }

    /** Notes the steps that a run has taken before it was resumed. */
    void resumed(long before) {
        steps += before;
    }

    /** Ends the whole group, since this body failed. */
    void fail(Throwable cause) {
        bodies.abort(cause);
    }
}
