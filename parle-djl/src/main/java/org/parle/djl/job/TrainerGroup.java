package org.parle.djl.job;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;

import java.util.List;

/**
 * The replicas of one trainer of this body, among those of all bodies' trainers with the same
 * number. Used by the body's thread.
 */
public final class TrainerGroup implements AutoCloseable {

    private final List<Communicator> communicators;
    private final TrainerSteps steps;
    private final int body;
    private final Runnable end;

    TrainerGroup(List<Communicator> communicators, TrainerSteps steps, int body, Runnable end) {
        this.communicators = List.copyOf(communicators);
        this.steps = steps;
        this.body = body;
        this.end = end;
    }

    /**
     * Returns how the replicas talk.
     *
     * @return one communicator for each replica of this trainer
     */
    public List<Communicator> communicators() {
        return communicators;
    }

    /**
     * Tells the other bodies of this process that this one closes its trainer, which it does after
     * as many steps as they, unless something has failed.
     *
     * @param steps how many it has taken
     * @throws CommunicationException if another is at the next step
     */
    public void closing(long steps) {
        this.steps.closes(body, steps);
    }

    /**
     * Looks before a step whether another body of this process has closed its trainer before.
     *
     * @param step the one that begins
     * @throws CommunicationException if one has
     */
    public void begin(long step) {
        steps.look(body, step);
    }

    /**
     * Tells the other bodies of this process that this one takes a step.
     *
     * @param step the one that begins
     * @throws CommunicationException if another has closed its trainer before
     */
    public void stepping(long step) {
        steps.begins(body, step);
    }

    /**
     * Says that a body has closed its trainer, and another goes on.
     *
     * @param other the body that has closed
     * @param steps after how many
     * @param body the one that goes on
     * @return the sentence
     */
    public static String closed(int other, long steps, int body) {
        return TrainerSteps.closed(other, steps, body);
    }

    @Override
    public void close() {
        end.run();
    }
}
