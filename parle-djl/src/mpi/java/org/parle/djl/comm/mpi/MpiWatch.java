package org.parle.djl.comm.mpi;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.mpi.MpiControl.Place;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds out during a long wait whom it waits for, and ends it where it cannot end by itself. */
final class MpiWatch {

    /** What a rank has sent before it ended may still be on its way. */
    static final long GRACE_NANOS = 2_000_000_000L;

    private final MpiCalls calls;
    private final String title;
    private final int number;
    private final long timeout;
    private final MpiSilence silence;
    private final long start;

    MpiWatch(MpiCalls calls, String title, int number, Duration timeout, long start) {
        this.start = start;
        this.calls = calls;
        this.title = title;
        this.number = number;
        this.timeout = timeout.toNanos();
        silence = new MpiSilence(timeout, start);
    }

    /**
     * Looks at the clock.
     *
     * @throws CommunicationException if the time is up, a rank is silent, or one has ended
     */
    void check() {
        long now = System.nanoTime();
        silence.look(calls.control(), calls.id());
        boolean over = now - start - silence.slept() > timeout;
        List<String> silent = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int rank = 0; rank < calls.control().size(); rank++) {
            if (rank != calls.control().rank()) {
                look(rank, over, now, silent, absent);
            }
        }
        if (!silent.isEmpty()) {
            throw failure(MpiSilence.words(silent));
        }
        if (over) {
            throw failure(
                    absent.isEmpty()
                            ? "all ranks have called it: the network is too slow for the timeout"
                            : String.join("; ", absent));
        }
    }

    private void look(int rank, boolean over, long now, List<String> silent, List<String> absent) {
        Long left = calls.control().left(rank);
        Place place = calls.control().place(calls.id(), rank);
        if (left != null && (place == null || place.nanos() < left)) {
            // it still answers, with the number of the calls that it made
            silence.hurry();
        } else if (left != null && place.number() < number && now - left > GRACE_NANOS) {
            throw failure("rank " + rank + " has ended");
        }
        if (over ? silence.isLate(place, start) : silence.isSilent(place, start)) {
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
