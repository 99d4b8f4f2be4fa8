package org.parle.djl.comm.mpi;

import org.parle.djl.comm.CommunicationException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The time between a rank's last call and MPI's end. Others may go on: until all have left, this
 * rank answers them, and lets its calls that are under way go on.
 */
final class MpiLeaving {

    private static final long PAUSE_NANOS = 1_000_000;

    private final MpiControl control;
    private final MpiProgress progress;
    private final BooleanSupplier ended;
    private final MpiSilence silence = new MpiSilence();
    private final long start = System.nanoTime();

    MpiLeaving(MpiControl control, MpiProgress progress, BooleanSupplier ended) {
        this.control = control;
        this.progress = progress;
        this.ended = ended;
    }

    /** Returns whether a signal ends this JVM, which should not take long then. */
    static boolean isBySignal() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().matches("SIG(TERM|INT|HUP) handler"));
    }

    /**
     * Waits until all others have left, too, for so long at the most.
     *
     * @return whether they have
     * @throws CommunicationException if one does not answer
     */
    boolean awaitOthers(long nanos) {
        while (!ended.getAsBoolean() && System.nanoTime() - start < nanos) {
            control.poll();
            List<Integer> others = control.notLeft();
            if (others.isEmpty()) {
                return true;
            }
            look(others);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return false;
    }

    private void look(List<Integer> others) {
        silence.look(control, MpiControl.NO_COMMUNICATOR);
        List<String> silent = new ArrayList<>();
        for (int other : others) {
            if (silence.isSilent(control.place(MpiControl.NO_COMMUNICATOR, other), start)) {
                silent.add("rank " + other);
            }
        }
        if (!silent.isEmpty()) {
            throw new CommunicationException(
                    String.format(
                            "the end of all ranks was waited for for %.1f s by rank %d: %s",
                            (System.nanoTime() - start) / 1e9,
                            control.rank(),
                            MpiSilence.words(silent)));
        }
    }

    /** Lets calls that are under way end; returns whether all have. Others make none any more. */
    boolean drain(long nanos) {
        return progress.drain(nanos);
    }
}
