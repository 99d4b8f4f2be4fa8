package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Gradients are right whatever the collector does meanwhile. */
public class StepMemoryTest {

    private static final int TRAININGS = 100;
    // a slow machine makes fewer of them
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(20);

    @Test
    public void plainTrainerUnderAllocationPressure() {
        int expected = PressedNetwork.plain(false);
        underPressure(i -> PressedNetwork.plain(true) == expected);
    }

    @Test
    public void replicasUnderAllocationPressure() {
        int expected = PressedNetwork.replicas(false);
        underPressure(i -> PressedNetwork.replicas(true) == expected);
    }

    private static void underPressure(Predicate<Integer> isRight) {
        long begin = System.nanoTime();
        try (AllocationPressure pressure = new AllocationPressure()) {
            int done = 0;
            while (done < TRAININGS && System.nanoTime() - begin < LIMIT) {
                Assert.assertTrue(isRight.test(done), "training " + done + " has other weights");
                done++;
            }
            Assert.assertTrue(pressure.isOn());
        }
    }
}
