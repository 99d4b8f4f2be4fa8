package org.parle.djl.training;

import org.parle.djl.comm.Permits;
import org.parle.djl.compress.PackingTime;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where one body's time goes, as sums of {@link System#nanoTime}: four readings a step. What passes
 * in evaluating and in checkpoints counts nowhere. Used by the body's thread only.
 */
public final class Stopwatch {

    private enum At {
        OUTSIDE,
        BETWEEN_STEPS,
        GRADIENT
    }

    private At at = At.OUTSIDE;
    private long mark;
    private long markWaited;
    private long loading;
    private long gradient;
    private long updating;
    private long compressing;
    private long markPacked;
    private long waiting;

    /** A forward pass begins; only the first before a step ends the loading. */
    void forward() {
        if (at != At.GRADIENT) {
            long own = lap();
            if (at == At.BETWEEN_STEPS) {
                loading += own;
            }
            at = At.GRADIENT;
        }
    }

    void stepBegins() {
        gradient += lap();
        markPacked = PackingTime.nanos();
    }

    void stepEnds() {
        long packed = PackingTime.nanos() - markPacked;
        compressing += packed;
        updating += lap() - packed;
        at = At.BETWEEN_STEPS;
    }

    /** What follows is no training. */
    public void leave() {
        at = At.OUTSIDE;
    }

    /** Returns the time since the last call less what was waited in it, which is noted apart. */
    private long lap() {
        long now = System.nanoTime();
        long waited = Permits.waitedNanos();
        long own = now - mark - (waited - markWaited);
        if (at != At.OUTSIDE) {
            waiting += waited - markWaited;
        }
        mark = now;
        markWaited = waited;
        return own;
    }

    /** Returns the sums in seconds, by name. */
    public Map<String, Double> seconds() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("secondsLoading", loading / 1e9);
        all.put("secondsGradient", gradient / 1e9);
        all.put("secondsUpdating", updating / 1e9);
        all.put("secondsCompressing", compressing / 1e9);
        all.put("secondsWaiting", waiting / 1e9);
        return all;
    }
}
