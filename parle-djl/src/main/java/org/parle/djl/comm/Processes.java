package org.parle.djl.comm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls that a process makes to the others on behalf of its replicas.
 *
 * <p>They start in the order of the replicas' calls, the same one in all processes, and are waited
 * for in that order. One thread at a time, whichever has the turn, touches the communicator; the
 * turn changing hands is the happens-before edge.
 */
final class Processes {

    private final LocalGroup group;
    private final Communicator communicator;
    private final Map<Long, Slot> gathered = new ConcurrentHashMap<>();
    private final AtomicBoolean turn = new AtomicBoolean();

    // written by the thread that has the turn only
    private final ArrayDeque<Started> started = new ArrayDeque<>();
    private volatile Started first;
    private final AtomicLong next = new AtomicLong();

    private record Started(Slot slot, Pending<?> answer) {}

    Processes(LocalGroup group, Communicator communicator) {
        this.group = group;
        this.communicator = communicator;
    }

    Communicator communicator() {
        return communicator;
    }

    /** Takes a slot whose process is ready to talk to the others, and starts what can start. */
    void enqueue(Slot slot) {
        gathered.put(slot.number(), slot);
        startUnlessBusy();
    }

    /** Whether there is an answer to wait for that the slot needs, and nobody waits for it. */
    boolean needWaiting(Slot slot) {
        Started head = first;
        return !turn.get() && head != null && head.slot().number() <= slot.number();
    }

    /**
     * Waits for the first answer outstanding, if {@link #needWaiting} and the turn is free. Returns
     * how long that took, in nanoseconds. The caller has given its permit back: nobody else may
     * have to wait for the turn because it waits for one.
     */
    long await(Slot slot, long nanos) {
        if (!needWaiting(slot) || !turn.compareAndSet(false, true)) {
            return 0;
        }
        try {
            Started head = started.peek();
            return head == null || head.slot().number() > slot.number() ? 0 : finish(head, nanos);
        } finally {
            start();
            turn.set(false);
            startUnlessBusy();
            group.signal();
        }
    }

    private record Answer(Object value, long nanos) {}

    private long finish(Started head, long nanos) {
        Answer answer;
        try {
            answer = await(head.answer(), nanos);
        } catch (RuntimeException e) {
            group.throwIfFailed();
            if (Thread.currentThread().isInterrupted()) {
                // only this replica gives up; another one waits on
                throw e;
            }
            throw group.fail(CommunicationException.between(e));
        }
        group.guarded(
                () -> {
                    head.slot().collective().take(answer.value());
                    started.remove();
                    first = started.peek();
                    head.slot().spread();
                });
        return answer.nanos();
    }

    private static Answer await(Pending<?> pending, long nanos) {
        long start = System.nanoTime();
        Object value = pending.await(Duration.ofNanos(nanos));
        return new Answer(value, System.nanoTime() - start);
    }

    private void startUnlessBusy() {
        // asked again after the turn was given back: a slot may have come while it was taken
        while (gathered.containsKey(next.get())
                && !group.hasFailed()
                && turn.compareAndSet(false, true)) {
            try {
                start();
            } finally {
                turn.set(false);
            }
            group.signal();
        }
    }

    private void start() {
        group.guarded(
                () -> {
                    Slot slot = gathered.remove(next.get());
                    while (slot != null && !group.hasFailed()) {
                        started.add(new Started(slot, slot.collective().between(communicator)));
                        first = started.peek();
                        slot = gathered.remove(next.incrementAndGet());
                    }
                });
    }

    /** Ends the group in the other processes, too. Any thread may call it. */
    void abort(Throwable cause) {
        communicator.abort(cause);
    }
}
