package org.parle.djl.comm;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One replica's wait for the end of one slot. As long as there are tasks it works on them; else it
 * sleeps without a permit until there is news. The time that it may take runs anew as long as
 * permits change hands: with few workers the others come to compute one after another.
 */
final class Wait {

    private static final int RANKS_TO_NAME = 8;

    private final LocalGroup group;
    private final Slot slot;
    private final int index;
    private final Duration timeout;
    private final Permits permits = Permits.ofThisThread();
    private long left;

    Wait(LocalGroup group, Slot slot, int index, Duration timeout) {
        this.group = group;
        this.slot = slot;
        this.index = index;
        this.timeout = timeout;
        left = Timeouts.nanos(timeout);
    }

    Object run() {
        Processes processes = group.processes();
        while (true) {
            group.throwIfFailed();
            List<Integer> gone = slot.gone();
            if (!gone.isEmpty()) {
                throw group.fail(new CommunicationException(ended(gone)));
            }
            if (slot.stage() == Slot.Stage.ENDED) {
                return slot.collective().result(index);
            }
            if (slot.hasWork()) {
                slot.help();
            } else if (processes != null && processes.needWaiting(slot)) {
                left -= withoutPermit(() -> awaitProcesses(processes));
            } else {
                left = withoutPermit(this::sleep);
            }
        }
    }

    private <T> T withoutPermit(Supplier<T> wait) {
        if (permits != null) {
            group.lent(permits);
        }
        try {
            return Permits.whileWaiting(wait, group::throwIfFailed);
        } catch (CommunicationException e) {
            Throwable standstill = permits == null ? null : permits.queue().failure();
            if (standstill != null) {
                group.fail(standstill);
            }
            throw e;
        }
    }

    private long awaitProcesses(Processes processes) {
        try {
            return processes.await(slot, Math.max(0, left));
        } catch (CommunicationException e) {
            throw Thread.currentThread().isInterrupted() && !group.hasFailed() ? interrupted(e) : e;
        }
    }

    /**
     * Returns what is left of the time: only what passes in here counts, not the time until a
     * permit is free again.
     */
    private long sleep() {
        long rest = left;
        while (true) {
            try {
                return group.news().sleepUntil(this::hasNews, this::mayTakeLong, rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                // what ends the group interrupts its threads too
                group.throwIfFailed();
                throw interrupted(e);
            } catch (TimeoutException e) {
                // those who are missing may have had no turn to compute yet
                rest = sinceHandover();
                if (rest <= 0) {
                    throw group.fail(new CommunicationException(noAnswer()));
                }
            }
        }
    }

    private long sinceHandover() {
        return permits == null ? 0 : Timeouts.nanos(timeout) - permits.queue().nanosSinceHandover();
    }

    private CommunicationException interrupted(Exception e) {
        return new CommunicationException(
                "interrupted while waiting for " + slot.title(index) + " of replica " + rank(), e);
    }

    private boolean hasNews() {
        Processes processes = group.processes();
        return group.hasFailed()
                || !slot.gone().isEmpty()
                || slot.stage() == Slot.Stage.ENDED
                || slot.hasWork()
                || (processes != null && processes.needWaiting(slot));
    }

    /** Tasks that other threads are at will end soon; replicas and processes may never answer. */
    private boolean mayTakeLong() {
        return slot.stage() == Slot.Stage.MEETING || slot.stage() == Slot.Stage.BETWEEN;
    }

    private int rank() {
        return group.members().rank(index);
    }

    private String ended(List<Integer> gone) {
        return slot.title(index)
                + " of replica "
                + rank()
                + " waits for "
                + who(gone)
                + ", which has ended. Has it stopped early, or was something collective called"
                + " under if (replica.isFirst())?";
    }

    private String noAnswer() {
        List<Integer> missing = slot.missing();
        String who = missing.isEmpty() ? "the other processes" : who(missing);
        return slot.title(index)
                + ": no answer from "
                + who
                + " within "
                + Timeouts.seconds(timeout)
                + " s (replica "
                + rank()
                + " waited). Have they stopped early, or called something collective under if"
                + " (replica.isFirst())?"
                + standstill();
    }

    private String standstill() {
        String held = permits == null ? "" : permits.queue().standstill();
        return held.isEmpty() ? "" : " Others wait for a permit to compute: " + held;
    }

    private static String who(List<Integer> ranks) {
        return (ranks.size() == 1 ? "replica " : "replicas ") + names(ranks);
    }

    private static String names(List<Integer> ranks) {
        String names =
                ranks.stream()
                        .limit(RANKS_TO_NAME)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        int more = ranks.size() - RANKS_TO_NAME;
        return more > 0 ? names + " and " + more + " others" : names;
    }
}
