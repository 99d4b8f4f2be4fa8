package org.parle.djl.schedule;

import ai.djl.training.tracker.Tracker;

import java.util.Arrays;

/**
 * Learning rates over the steps k of a run, from 1. Each is a function of k alone, so that one
 * tracker may serve several trainers, on several threads, if those that it is made of may.
 */
public final class LearningRates {

    private LearningRates() {}

    /**
     * Returns a rate that drops:
     *
     * <pre>η_k = η · factor^(number of drops before k)</pre>
     *
     * <p>As DJL's own tracker ({@link Tracker#multiFactor}), which keeps count of its drops and so
     * serves one trainer only.
     *
     * @param rate &eta; before the first drop, above 0
     * @param factor what it is multiplied by, above 0, at most 1
     * @param lastSteps the steps after which it drops, from 1 and rising: step k is the last with
     *     the higher rate
     * @return the tracker
     * @throws IllegalArgumentException if a value is out of range, or the steps do not rise
     */
    public static Tracker steps(double rate, double factor, int... lastSteps) {
        requireRate("the learning rate", rate);
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException(
                    "the factor of a drop must be above 0 and at most 1, not " + factor);
        }
        for (int i = 0; i < lastSteps.length; i++) {
            int least = i == 0 ? 1 : lastSteps[i - 1] + 1;
            if (lastSteps[i] < least) {
                throw new IllegalArgumentException(
                        "steps to drop after must be at least 1 and rise, but "
                                + lastSteps[i]
                                + " comes where "
                                + least
                                + " is the least");
            }
        }
        int[] last = lastSteps.clone();
        float[] rates = new float[last.length + 1];
        rates[0] = (float) rate;
        for (int i = 1; i < rates.length; i++) {
            rates[i] = rates[i - 1] * (float) factor;
        }
        return k -> rates[drops(last, k)];
    }

    /** Returns how many of the steps, which rise, are before k. */
    private static int drops(int[] lastSteps, int k) {
        int found = Arrays.binarySearch(lastSteps, k);
        return found >= 0 ? found : -found - 1;
    }

    /**
     * Returns half a cosine's wave (arXiv 1608.03983, equation 5, without restarts):
     *
     * <pre>η_k = η/2 · (1 + cos(π (k − 1)/K))</pre>
     *
     * <p>DJL's own tracker ({@link Tracker#cosine}), begun at the first step, so that no step's
     * rate is 0.
     *
     * @param rate &eta;, that of the first step, above 0
     * @param steps K, the steps of the run, at least 1
     * @return the tracker; after K its rate stays that of step K
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Tracker cosine(double rate, int steps) {
        requireRate("the learning rate", rate);
        requireSteps("a cosine", steps);
        Tracker wave =
                Tracker.cosine()
                        .setBaseValue((float) rate)
                        .optFinalValue(0)
                        .setMaxUpdates(steps)
                        .build();
        return k -> wave.getNewValue(Math.max(0, Math.min(k, steps) - 1));
    }

    /**
     * Returns a rate that grows in a line before it follows another (arXiv 1706.02677, section 2.2;
     * ChocoSGD's {@code lr_warmup}):
     *
     * <pre>η_k = begin + (main_W − begin) · k/W  for k &lt; W,  main_k  from then on</pre>
     *
     * <p>DJL's own tracker ({@link Tracker#warmUp}), with one difference: the other rate's steps
     * count from the run's start, so that a warm-up does not move its drops.
     *
     * @param main the rate after the warm-up
     * @param begin the rate that it begins from, at least 0; ChocoSGD takes the one not scaled up
     * @param steps W, at least 1
     * @return the tracker
     * @throws IllegalArgumentException if a value is out of range, or the main tracker counts what
     *     it is asked
     */
    public static Tracker warmUp(Tracker main, double begin, int steps) {
        Counting.refuse(main);
        requireSteps("a warm-up", steps);
        if (!(begin >= 0 && begin < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a warm-up must begin from a rate of at least 0, not " + begin);
        }
        return Tracker.warmUp()
                .setMainTracker(k -> main.getNewValue(k + steps))
                .optWarmUpBeginValue((float) begin)
                .optWarmUpSteps(steps)
                .build();
    }

    /**
     * Returns a rate multiplied by a constant, for example by {@link ScaleUp#factor}.
     *
     * @param main the rate
     * @param factor what it is multiplied by, above 0
     * @return the tracker
     * @throws IllegalArgumentException if the factor is out of range
     */
    public static Tracker scaled(Tracker main, double factor) {
        requireRate("the factor of a rate", factor);
        return k -> (float) (factor * main.getNewValue(k));
    }

    private static void requireRate(String what, double rate) {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " must be above 0, not " + rate);
        }
    }

    private static void requireSteps(String what, int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(what + " must last at least one step, not " + steps);
        }
    }
}
