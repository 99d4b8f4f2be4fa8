package org.parle.djl.training;

import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;
import org.parle.djl.job.TrainerGroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What bodies say to one another between steps. Between two epochs, and before the end, each tells
 * whether it goes on: if one stops early, all stop. Several processes also tell about four times a
 * second, beside their steps, whether they are asked to stop, and so hear of one that has ended.
 */
final class Agreement {

    private static final byte ENDS = 0;
    private static final byte GOES_ON = 1;
    private static final byte BEAT = 2;
    private static final byte STOPS = 3;

    private static final long BEAT_NANOS = 250_000_000;
    private static final int LONGEST = 1000;
    private static final int LENGTH = 1 + Long.BYTES;

    private final Communicator bodies;
    private final boolean beats;
    private int epochs;
    private boolean due;
    private boolean ended;
    private Pending<ByteBuffer[]> beat;
    private long nextBeat;
    private int period = 1;
    private long begin = System.nanoTime();

    /**
     * Creates it.
     *
     * @param bodies how they talk
     * @param beats whether some are in other processes
     */
    Agreement(Communicator bodies, boolean beats) {
        this.bodies = bodies;
        this.beats = beats;
    }

    private Pending<ByteBuffer[]> tell(byte what, long number) {
        ByteBuffer message = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        return bodies.allGather(message.put(0, what).putLong(1, number));
    }

    /** Notes the end of an epoch; the vote is held when it is known how this body goes on. */
    void epoch() {
        epochs++;
        due = true;
    }

    /** Returns whether an epoch has ended, so that others ask before they go on. */
    boolean isDue() {
        return due;
    }

    /**
     * Says that this body goes on, if an epoch has ended. Collective.
     *
     * @throws EarlyStoppedException if another does not
     */
    void goOn() {
        if (due && bodies.size() > 1) {
            ByteBuffer[] votes = tell(GOES_ON, 0).await();
            for (int rank = 0; rank < votes.length; rank++) {
                if (votes[rank].get(0) == ENDS) {
                    ended = true;
                    throw new EarlyStoppedException(epochs, "replica " + rank + " stopped early");
                }
            }
        }
        due = false;
    }

    /**
     * Hears of the other processes after a step, and tells of this one. All count the same steps,
     * and learn the same from one another, so all return the same.
     *
     * @param step that was taken
     * @param asked whether this process is asked to stop
     * @return whether all stop after this step
     * @throws CommunicationException if another has ended before
     */
    boolean stepDone(long step, boolean asked) {
        if (!beats || step < nextBeat) {
            return false;
        }
        boolean stop = false;
        if (beat != null) {
            long slowest = 1;
            ByteBuffer[] all = beat.await();
            for (int rank = 0; rank < all.length; rank++) {
                ByteBuffer message = all[rank].order(ByteOrder.LITTLE_ENDIAN);
                if (message.get(0) == ENDS) {
                    ended = true;
                    throw new CommunicationException(
                            TrainerGroup.closed(rank, message.getLong(1), bodies.rank()));
                }
                stop |= message.get(0) == STOPS;
                slowest = Math.max(slowest, message.getLong(1));
            }
            // the same on all, since all have the same messages
            period = (int) Math.max(1, Math.min(LONGEST, period * BEAT_NANOS / slowest));
        }
        long now = System.nanoTime();
        beat = stop ? null : tell(asked ? STOPS : BEAT, now - begin);
        begin = now;
        nextBeat = step + period;
        return stop;
    }

    /**
     * Says that this body ends; the others end where they are. Collective.
     *
     * @param steps that it has taken
     * @throws CommunicationException if another goes on
     */
    void end(long steps) {
        if (!ended && bodies.size() > 1) {
            ended = true;
            if (beat != null) {
                beat.await();
            }
            ByteBuffer[] all = tell(ENDS, steps).await();
            for (int rank = 0; rank < all.length; rank++) {
                if (all[rank].get(0) >= BEAT) {
                    throw new CommunicationException(
                            TrainerGroup.closed(bodies.rank(), steps, rank));
                }
            }
        }
        ended = true;
    }
}
