package org.parle.djl.comm.mpi;

import org.parle.djl.comm.mpi.MpiControl.Place;

import java.time.Duration;
import java.util.List;

/**
 * Asks the other ranks from time to time where they are, and says which do not answer.
 *
 * <p>Whoever looks has to do so many times a second. If that was not so, this process was stopped
 * itself, maybe with all others, and they get as long again to answer.
 */
final class MpiSilence {

    /** Without looking: longer than a busy host makes a thread wait. */
    private static final long GAP_NANOS = 1_000_000_000;

    private static final long FIRST_NANOS = 1_000_000_000;

    private final long allowed;
    private long awake;
    private long looked;
    private long slept;
    private long nextAsk;

    MpiSilence() {
        this(Duration.ofDays(1), System.nanoTime());
    }

    /**
     * Silence that is no longer than a wait may be.
     *
     * @param since when the wait began: this process may have been stopped before the first look
     */
    MpiSilence(Duration timeout, long since) {
        awake = since;
        looked = since;
        allowed = Math.min(timeout.toNanos(), MpiLimits.silence().toNanos());
        nextAsk = awake + Math.min(FIRST_NANOS, allowed / 4);
    }

    /** Notes the time, and asks all others for their newest call when it is time for that. */
    void look(MpiControl control, int communicator) {
        long now = System.nanoTime();
        if (now - looked > GAP_NANOS) {
            slept += now - looked;
            awake = now;
            nextAsk = now;
        }
        looked = now;
        if (now >= nextAsk) {
            nextAsk = now + allowed / 4;
            control.ask(communicator);
        }
    }

    /** Asks again soon. */
    void hurry() {
        nextAsk = Math.min(nextAsk, looked + FIRST_NANOS / 4);
    }

    /** Returns for how many nanoseconds this process was stopped. */
    long slept() {
        return slept;
    }

    /** Returns whether a rank has not answered for too long. */
    boolean isSilent(Place newest, long start) {
        return isSilentFor(allowed, newest, start);
    }

    /** Returns whether a rank owes answers, which is enough once the time is up. */
    boolean isLate(Place newest, long start) {
        return isSilentFor(allowed / 2, newest, start);
    }

    private boolean isSilentFor(long nanos, Place newest, long start) {
        long answered = newest == null ? start : Math.max(start, newest.nanos());
        return looked - Math.max(awake, answered) > nanos;
    }

    /** Says what is wrong with such ranks. */
    static String words(List<String> silent) {
        return String.join(", ", silent)
                + (silent.size() == 1 ? " does" : " do")
                + " not answer: stopped, or cut off from the network";
    }
}
