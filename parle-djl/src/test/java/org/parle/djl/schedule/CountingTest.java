package org.parle.djl.schedule;

import ai.djl.training.tracker.Tracker;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** Which trackers may serve several optimizers. */
public class CountingTest {

    private static Tracker drops() {
        return Tracker.multiFactor()
                .setBaseValue(0.1f)
                .optFactor(0.1f)
                .setSteps(new int[] {1, 2})
                .build();
    }

    @DataProvider
    public Object[] constant() {
        Tracker factor = Tracker.factor().setBaseValue(1).setFactor(0.5f).build();
        return new Object[] {
            LearningRates.steps(0.1, 0.1, 2),
            LearningRates.warmUp(LearningRates.cosine(0.1, 4), 0, 2),
            Tracker.fixed(0.1f),
            factor,
            Tracker.warmUp().setMainTracker(factor).optWarmUpSteps(2).build(),
            (Tracker) k -> 1f / k
        };
    }

    @Test(dataProvider = "constant")
    public void shouldLetConstantOnesServeAll(Tracker tracker) {
        Counting.take(tracker);
        Counting.take(tracker);
        Counting.refuse(tracker);
    }

    @DataProvider
    public Object[] counting() {
        Tracker drops = drops();
        AtomicInteger asked = new AtomicInteger();
        return new Object[] {
            drops,
            Tracker.warmUp().setMainTracker(drops()).optWarmUpSteps(2).build(),
            LearningRates.scaled(drops(), 2),
            new Halving(),
            (Tracker) k -> asked.incrementAndGet()
        };
    }

    @Test(dataProvider = "counting")
    public void shouldRefuseThoseThatCount(Tracker tracker) {
        Counting.take(tracker);
        for (Assert.ThrowingRunnable again :
                new Assert.ThrowingRunnable[] {
                    () -> Counting.take(tracker), () -> LearningRates.warmUp(tracker, 0, 2)
                }) {
            IllegalArgumentException e = Assert.expectThrows(IllegalArgumentException.class, again);
            Assert.assertTrue(e.getMessage().contains("LearningRates.steps"), e.getMessage());
        }
    }

    private static final class Halving implements Tracker {

        private float rate = 1;

        @Override
        public float getNewValue(int k) {
            rate /= 2;
            return rate;
        }
    }
}
