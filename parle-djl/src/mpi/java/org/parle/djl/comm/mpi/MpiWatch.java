package org.parle.djl.comm.mpi;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.mpi.MpiControl.Place;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds out during a long wait whom it waits for, and ends it where it cannot end by itself. */
final class MpiWatch {

    /** A rank that computes answers at once, so this is for networks. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** What a rank has sent before it ended may still be on its way. */
    static final long GRACE_NANOS = 2_000_000_000L;

    private static final long FIRST_NANOS = 1_000_000_000;

    private final MpiCalls calls;
    private final String title;
    private final int number;
    private final long timeout;
    private final long silence;
    private final long start;
    private long nextAsk;

    MpiWatch(MpiCalls calls, String title, int number, Duration timeout, long start) {
        this.start = start;
        this.calls = calls;
        this.title = title;
        this.number = number;
        this.timeout = timeout.toNanos();
        silence = Math.min(this.timeout, SILENCE.toNanos());
        nextAsk = start + Math.min(FIRST_NANOS, silence / 4);
    }

    /**
     * Looks at the clock.
     *
     * @throws CommunicationException if the time is up, a rank is silent, or one has ended
     */
    void check() {
        long now = System.nanoTime();
        if (now >= nextAsk) {
            nextAsk = now + silence / 4;
            calls.control().ask(calls.id());
        }
        List<String> silent = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int rank = 0; rank < calls.control().size(); rank++) {
            if (rank != calls.control().rank()) {
                look(rank, now, silent, absent);
            }
        }
        if (!silent.isEmpty()) {
            throw failure(
                    String.join(", ", silent)
                            + (silent.size() == 1 ? " does" : " do")
                            + " not answer: stopped, or cut off from the network");
        }
        if (now - start > timeout) {
            throw failure(
                    absent.isEmpty()
                            ? "all ranks have called it: the network is too slow for the timeout"
                            : String.join("; ", absent));
        }
    }

    private void look(int rank, long now, List<String> silent, List<String> absent) {
        Long left = calls.control().left(rank);
        if (left != null && now - left > GRACE_NANOS && now - start > GRACE_NANOS) {
            throw failure("rank " + rank + " has ended");
        }
        Place place = calls.control().place(calls.id(), rank);
        if (now - Math.max(start, place == null ? start : place.nanos()) > silence) {
            silent.add("rank " + rank);
        } else if (place != null && place.number() < number) {
            absent.add(
                    "rank "
                            + rank
                            + " has not called it: its newest call is number "
                            + place.number()
                            + ", "
                            + place.title());
        } else if (place != null && place.number() == number && !place.title().equals(title)) {
            throw failure("rank " + rank + " called " + place.title() + " instead");
        }
    }

    private CommunicationException failure(String reason) {
        return new CommunicationException(
                String.format(
                        "%s (call %d) was waited for for %.1f s by rank %d: %s",
                        title,
                        number,
                        (System.nanoTime() - start) / 1e9,
                        calls.control().rank(),
                        reason));
    }
}
