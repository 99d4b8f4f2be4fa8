package org.parle.djl.data;

import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;

import org.parle.djl.option.Counted;

import java.io.IOException;
import java.util.concurrent.ExecutorService;

/** How far a shard has come in its plan. Used by one thread at a time. */
final class ShardCourse {

    private final ShardPlan plan;
    private long epoch;
    private int skipped;
    private ShardBatches running;

    ShardCourse(ShardPlan plan) {
        this.plan = plan;
    }

    ShardPlan plan() {
        return plan;
    }

    /** Returns the epoch that comes next. */
    long epoch() {
        return epoch;
    }

    void setEpoch(long next) {
        if (next < 0) {
            throw new IllegalArgumentException("An epoch is 0 or more, got " + next);
        }
        epoch = next;
        skipped = 0;
        running = null;
    }

    ShardPosition position() {
        if (running == null) {
            return new ShardPosition(epoch, skipped);
        }
        return running.taken() == plan.steps()
                ? new ShardPosition(epoch, 0)
                : new ShardPosition(epoch - 1, running.taken());
    }

    void setPosition(ShardPosition position) {
        int steps = plan.steps();
        if (position.batch() > steps) {
            throw new IllegalArgumentException(
                    "An epoch of this shard has "
                            + Counted.of(steps, "batch")
                            + ", got "
                            + position.batch());
        }
        boolean whole = position.batch() == steps;
        setEpoch(position.epoch() + (whole ? 1 : 0));
        skipped = whole ? 0 : position.batch();
    }

    /** Begins the next epoch, or the rest of the one that was gone to. */
    ShardBatches next(NDManager manager, ExecutorService executor)
            throws IOException, TranslateException {
        running = plan.batches(manager, executor, epoch, skipped);
        skipped = 0;
        epoch++;
        return running;
    }
}
