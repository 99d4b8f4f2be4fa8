package org.parle.djl.comm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Tasks numbered from 0, claimed one by one by whichever threads have time. */
final class Tasks {

    private final int count;
    private final IntConsumer body;
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();

    Tasks(int count, IntConsumer body) {
        this.count = count;
        this.body = body;
    }

    boolean areLeft() {
        return claimed.get() < count;
    }

    /**
     * Claims one task and runs it, if there is one left. Returns whether it was the last to end.
     */
    boolean runOne() {
        // looked at first, so that a thousand helpers who come late do not wear out the counter
        int task = areLeft() ? claimed.getAndIncrement() : count;
        if (task >= count) {
            return false;
        }
        body.accept(task);
        return finished.incrementAndGet() == count;
    }
}
