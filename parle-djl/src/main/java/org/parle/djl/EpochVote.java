package org.parle.djl;

import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.comm.Communicator;

import java.nio.ByteBuffer;

/**
 * Where one body stops early, all stop: between two epochs, and before the end, each tells the
 * others whether it goes on.
 */
final class EpochVote {

    private static final byte GO = 1;
    private static final byte STOP = 0;

    private final Communicator bodies;
    private int epochs;
    private boolean due;
    private boolean ended;

    EpochVote(Communicator bodies) {
        this.bodies = bodies;
    }

    /** Notes the end of an epoch; the vote is held when it is known how this body goes on. */
    void epoch() {
        epochs++;
        due = true;
    }

    /**
     * Says that this body goes on, if an epoch has ended. Collective.
     *
     * @throws EarlyStoppedException if another does not
     */
    void goOn() {
        if (due && bodies.size() > 1) {
            ByteBuffer[] votes = bodies.allGather(ByteBuffer.wrap(new byte[] {GO})).await();
            for (int rank = 0; rank < votes.length; rank++) {
                if (votes[rank].get(0) == STOP) {
                    ended = true;
                    throw new EarlyStoppedException(epochs, "replica " + rank + " stopped early");
                }
            }
        }
        due = false;
    }

    /** Says that this body ends; the others end where they are. Collective. */
    void end() {
        if (!ended && bodies.size() > 1) {
            bodies.allGather(ByteBuffer.wrap(new byte[] {STOP})).await();
        }
        ended = true;
    }
}
