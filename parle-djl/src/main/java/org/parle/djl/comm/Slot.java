package org.parle.djl.comm;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Where the replicas' calls with the same number meet, and what becomes of them. */
final class Slot {

    /** In this order; only the thread that ends a stage enters the next. */
    enum Stage {
        /** Replicas have yet to call. */
        MEETING,
        /** Tasks among the process's replicas. */
        GATHERING,
        /** The processes among themselves. */
        BETWEEN,
        /** Tasks that spread the answer. */
        SPREADING,
        ENDED
    }

    private final long number;
    private final LocalGroup group;
    private final AtomicReferenceArray<Call> calls;
    private final AtomicInteger arrived = new AtomicInteger();
    private Collective collective;
    private volatile Tasks tasks = new Tasks(0, null);
    private volatile Stage stage = Stage.MEETING;

    Slot(long number, LocalGroup group) {
        this.number = number;
        this.group = group;
        calls = new AtomicReferenceArray<>(group.members().local());
    }

    long number() {
        return number;
    }

    Stage stage() {
        return stage;
    }

    /** Only once the meeting is over. */
    Collective collective() {
        return collective;
    }

    String title(int index) {
        return calls.get(index).title();
    }

    /**
     * Takes a replica's call; the last one gets the work under way. Returns whether it was that.
     */
    boolean arrive(int index, Call call) {
        calls.set(index, call);
        for (int i = 0; i < calls.length(); i++) {
            Call other = calls.get(i);
            // one that agreed with those before it is enough to compare with
            if (i != index && other != null) {
                if (!call.matches(other)) {
                    group.fail(new CommunicationException(disagreement(index, i)));
                }
                break;
            }
        }
        if (arrived.incrementAndGet() < calls.length()) {
            return false;
        }
        group.guarded(this::begin);
        return true;
    }

    private void begin() {
        Call[] all = new Call[calls.length()];
        for (int i = 0; i < all.length; i++) {
            all[i] = calls.get(i);
            // two pairs that arrive at once may each have seen only themselves
            if (!all[i].matches(all[0])) {
                throw new CommunicationException(disagreement(i, 0));
            }
        }
        if (group.hasFailed()) {
            return;
        }
        collective = Collectives.of(all, group.members());
        int count = collective.gatherTasks();
        stage = Stage.GATHERING;
        tasks = new Tasks(count, collective::gather);
        if (count == 0) {
            gathered();
        }
        group.signal();
    }

    boolean hasWork() {
        return tasks.areLeft();
    }

    /** Does tasks of this slot until none is left to claim. */
    void help() {
        group.guarded(
                () -> {
                    while (tasks.areLeft() && !group.hasFailed()) {
                        if (tasks.runOne()) {
                            endStage();
                        }
                    }
                });
    }

    private void endStage() {
        if (stage == Stage.GATHERING) {
            gathered();
        } else {
            end();
        }
        group.signal();
    }

    private void gathered() {
        Processes processes = group.processes();
        if (processes == null) {
            spread();
        } else {
            stage = Stage.BETWEEN;
            processes.enqueue(this);
        }
    }

    /** Goes on when the processes have answered. */
    void spread() {
        int count = collective.spreadTasks();
        stage = Stage.SPREADING;
        tasks = new Tasks(count, collective::spread);
        // asked of the count: helpers may have claimed all tasks by now
        if (count == 0) {
            end();
        }
    }

    private void end() {
        collective.close();
        stage = Stage.ENDED;
    }

    /** The ranks that have not called yet. */
    List<Integer> missing() {
        return ranks(i -> calls.get(i) == null);
    }

    /** The ranks that have not called yet, and never will. */
    List<Integer> gone() {
        // asked in this order: one that calls, and then leaves because of us, is not gone
        return stage == Stage.MEETING && group.anyLeft()
                ? ranks(i -> group.hasLeft(group.members().rank(i)) && calls.get(i) == null)
                : List.of();
    }

    private List<Integer> ranks(IntPredicate which) {
        return IntStream.range(0, calls.length())
                .filter(which)
                .mapToObj(group.members()::rank)
                .toList();
    }

    private String disagreement(int one, int other) {
        int first = Math.min(one, other);
        int second = Math.max(one, other);
        return "replica "
                + group.members().rank(second)
                + " called "
                + title(second)
                + " where replica "
                + group.members().rank(first)
                + " called "
                + title(first)
                + "; all replicas must make the same calls in the same order";
    }
}
