package org.parle.djl.schedule;

import ai.djl.training.tracker.Tracker;

/**
 * Learning rates over the steps k of a run, from 1, made of DJL's trackers. A tracker here serves
 * one trainer and is asked once per step, k rising: DJL's keep count.
 */
public final class LearningRates {

    private LearningRates() {}

    /**
     * Returns a rate that drops:
     *
     * <pre>η_k = η · factor^(number of drops before k)</pre>
     *
     * <p>DJL's own tracker ({@link Tracker#multiFactor}) for any number of drops; it wants two.
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
        if (lastSteps.length == 0) {
            return Tracker.fixed((float) rate);
        }
        int[] two =
                lastSteps.length == 1
                        ? new int[] {lastSteps[0], Integer.MAX_VALUE}
                        : lastSteps.clone();
        return Tracker.multiFactor()
                .setBaseValue((float) rate)
                .optFactor((float) factor)
                .setSteps(two)
                .build();
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
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Tracker warmUp(Tracker main, double begin, int steps) {
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
