package org.parle.djl.training;

import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;
import org.parle.djl.job.TrainerGroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

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

    // of a message: what, a number, and the rates' record
    private static final int RATES = 1 + Long.BYTES;
    private static final int LENGTH = RATES + RateRecord.BYTES;

    private final Communicator bodies;
    private final boolean beats;
    private final RateRecord rates = new RateRecord();
    private int epochs;
    private boolean due;
    private long synchronised;
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
        rates.write(message.put(what).putLong(number));
        return bodies.allGather(message.flip());
    }

    /** Waits for what all tell; learning rates must have been the same so far. */
    private static ByteBuffer[] hear(Pending<ByteBuffer[]> told) {
        ByteBuffer[] all = told.await();
        for (ByteBuffer message : all) {
            message.order(ByteOrder.LITTLE_ENDIAN);
        }
        RateRecord.compare(Arrays.stream(all).map(Agreement::rates).toArray(ByteBuffer[]::new));
        return all;
    }

    private static ByteBuffer rates(ByteBuffer message) {
        return message.slice(RATES, RateRecord.BYTES).order(ByteOrder.LITTLE_ENDIAN);
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
     * @return whether one has ended, and all go on
     * @throws EarlyStoppedException if another does not
     */
    boolean goOn() {
        boolean voted = due && bodies.size() > 1;
        due = false;
        if (voted) {
            ByteBuffer[] votes = hear(tell(GOES_ON, 0));
            for (int rank = 0; rank < votes.length; rank++) {
                if (votes[rank].get(0) == ENDS) {
                    ended = true;
                    throw new EarlyStoppedException(epochs, "replica " + rank + " stopped early");
                }
            }
        }
        return voted;
    }

    /**
     * Hears of others after a step, and tells of this body: about four times a second if some are
     * in other processes, else when replicas have synchronised. All count the same steps, and learn
     * the same from one another, so all return the same.
     *
     * @param replicas that have taken it
     * @param asked whether this process is asked to stop
     * @return whether all stop after this step
     * @throws CommunicationException if another has ended before
     */
    boolean stepDone(LocalReplicas replicas, boolean asked) {
        long step = replicas.steps();
        rates.add(step, (float) replicas.learningRate());
        long before = synchronised;
        synchronised =
                replicas.algorithms().stream()
                        .findFirst()
                        .map(Algorithm::synchronisations)
                        .orElse(0L);
        boolean tells = beats ? step >= nextBeat : synchronised > before;
        if (!tells || bodies.size() == 1) {
            return false;
        }
        boolean stop = false;
        if (beat != null) {
            long slowest = 1;
            ByteBuffer[] all = hear(beat);
            for (int rank = 0; rank < all.length; rank++) {
                ByteBuffer message = all[rank];
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
        beat = stop ? null : tell(asked && beats ? STOPS : BEAT, now - begin);
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
                hear(beat);
            }
            ByteBuffer[] all = hear(tell(ENDS, steps));
            for (int rank = 0; rank < all.length; rank++) {
                byte what = all[rank].get(0);
                long theirs = what == ENDS ? all[rank].getLong(1) : steps;
                if (what >= BEAT || theirs > steps) {
                    throw new CommunicationException(
                            TrainerGroup.closed(bodies.rank(), steps, rank));
                }
                if (theirs < steps) {
                    throw new CommunicationException(
                            TrainerGroup.closed(rank, theirs, bodies.rank()));
                }
            }
        }
        ended = true;
    }
}
