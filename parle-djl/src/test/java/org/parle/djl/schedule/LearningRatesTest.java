package org.parle.djl.schedule;

import ai.djl.training.tracker.Tracker;

import org.parle.djl.topology.Topology;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;

/** Rates, step by step. */
public class LearningRatesTest {

    private static void follows(Tracker tracker, double... rates) {
        for (int k = 1; k <= rates.length; k++) {
            Assert.assertEquals(tracker.getNewValue(k), rates[k - 1], 1e-7, "step " + k);
        }
    }

    @Test
    public void shouldDropAnyNumberOfTimes() {
        follows(LearningRates.steps(0.4, 0.5), 0.4, 0.4, 0.4);
        follows(LearningRates.steps(0.4, 0.5, 2), 0.4, 0.4, 0.2, 0.2);
        follows(LearningRates.steps(0.4, 0.5, 1, 2, 4), 0.4, 0.2, 0.1, 0.1, 0.05);
    }

    /** Several replicas may share one, each at a step of its own. */
    @Test
    public void shouldBeFunctionsOfTheStep() {
        Tracker drops = LearningRates.warmUp(LearningRates.steps(0.4, 0.5, 2, 4), 0.1, 2);
        Assert.assertEquals(drops.getNewValue(5), 0.1, 1e-7);
        follows(drops, 0.25, 0.4, 0.2, 0.2, 0.1);
    }

    @Test
    public void shouldFollowACosineThatIsNeverZero() {
        Tracker tracker = LearningRates.cosine(0.2, 4);
        // (1 + cos 45°)/2 = 0.85355339
        follows(tracker, 0.2, 0.170710678, 0.1, 0.029289322, 0.029289322);
        follows(LearningRates.cosine(0.2, 1), 0.2, 0.2);
    }

    @Test
    public void shouldWarmUpWithoutMovingTheDrops() {
        Tracker drops = LearningRates.steps(0.8, 0.5, 5);
        follows(LearningRates.warmUp(drops, 0.2, 3), 0.4, 0.6, 0.8, 0.8, 0.8, 0.4);
    }

    @Test
    public void shouldWarmUpFromNothingIntoACosine() {
        Tracker wave = LearningRates.cosine(0.2, 4);
        follows(LearningRates.warmUp(wave, 0, 3), 0.1 / 3, 0.2 / 3, 0.1, 0.029289322);
    }

    @Test
    public void shouldScaleAnyTracker() {
        follows(LearningRates.scaled(k -> 0.1f * k, 3), 0.3, 0.6);
    }

    @Test
    public void shouldScaleUpAsGiven() {
        Topology ring = Topology.named("ring", 16);
        Assert.assertEquals(ScaleUp.NONE.factor(ring, 128, 64), 2.0);
        Assert.assertEquals(ScaleUp.SIZE.factor(ring, 128, 64), 32.0);
        Assert.assertEquals(ScaleUp.DEGREE.factor(ring, 128, 64), 6.0);
        Assert.assertEquals(ScaleUp.ROOT_SIZE.factor(ring, 128, 32), 8.0);
        Assert.assertEquals(ScaleUp.DEGREE.factor(Topology.named("complete", 5), 1, 1), 5.0);
        // 4 edges, 5 replicas: 1 + 8/5
        Assert.assertEquals(ScaleUp.DEGREE.factor(Topology.named("star", 5), 1, 1), 2.6);
    }

    @Test
    public void shouldRefuseWhatIsOutOfRange() {
        refuses("above 0, not 0.0", () -> LearningRates.steps(0, 0.1));
        refuses("at most 1, not 2.0", () -> LearningRates.steps(1, 2, 3));
        refuses("0 comes where 1", () -> LearningRates.steps(1, 0.1, 0));
        refuses("2 comes where 3", () -> LearningRates.steps(1, 0.1, 2, 2));
        refuses("at least one step, not 0", () -> LearningRates.cosine(1, 0));
        refuses("at least one step, not 0", () -> LearningRates.warmUp(Tracker.fixed(1), 0, 0));
        refuses("at least 0, not -1.0", () -> LearningRates.warmUp(Tracker.fixed(1), -1, 2));
        refuses("above 0, not NaN", () -> LearningRates.scaled(Tracker.fixed(1), Double.NaN));
        refuses(
                "not 0 and 64",
                () -> ScaleUp.SIZE.factor(Topology.ofEdges("one", 1, List.of()), 0, 64));
        refuses("did you mean \"degree\"", () -> ScaleUp.named("degre"));
    }

    private static void refuses(String part, Assert.ThrowingRunnable what) {
        IllegalArgumentException e = Assert.expectThrows(IllegalArgumentException.class, what);
        Assert.assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
