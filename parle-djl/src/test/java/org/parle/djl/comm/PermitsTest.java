package org.parle.djl.comm;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.concurrent.atomic.AtomicInteger;

public class PermitsTest {

    @Test
    public void shouldLetFiftyThreadsMeetWithTwoPermits() {
        Permits permits = new Permits(2);
        AtomicInteger computing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Ranks.run(
                Ranks.local(50),
                communicator -> {
                    permits.acquire();
                    try {
                        for (int round = 0; round < 20; round++) {
                            most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                            for (int spin = 0; spin < 1000; spin++) {
                                Thread.onSpinWait();
                            }
                            computing.decrementAndGet();
                            communicator.barrier().await();
                        }
                    } finally {
                        permits.release();
                    }
                });
        Assert.assertTrue(most.get() <= 2, most + " computed at once");
        permits.acquire();
        permits.release();
    }

    @Test
    public void shouldLendThePermitWhileWaitingAndTakeItAgain() {
        Permits permits = new Permits(1);
        permits.acquire();
        int answer =
                Permits.whileWaiting(
                        () -> {
                            // would never come back if the permit were still held
                            permits.acquire();
                            permits.release();
                            return 42;
                        });
        Assert.assertEquals(answer, 42);
        Assert.assertThrows(IllegalStateException.class, permits::acquire);
        permits.release();
    }

    @Test
    public void shouldTakeThePermitAgainWhenTheWaitThrows() {
        Permits permits = new Permits(1);
        permits.acquire();
        Assert.assertThrows(
                ArithmeticException.class,
                () ->
                        Permits.whileWaiting(
                                () -> {
                                    throw new ArithmeticException();
                                }));
        permits.release();
    }

    @Test
    public void shouldJustWaitWithoutAPermit() {
        AtomicInteger waits = new AtomicInteger();
        Permits.whileWaiting(
                () -> {
                    waits.incrementAndGet();
                });
        Assert.assertEquals(waits.get(), 1);
        Assert.assertThrows(IllegalStateException.class, new Permits(1)::release);
    }

    @Test
    public void shouldRefuseNoWorkers() {
        Assert.assertThrows(IllegalArgumentException.class, () -> new Permits(0));
    }

    @Test
    public void shouldThrowWhenInterruptedBeforeAPermitIsFree() {
        Permits permits = new Permits(1);
        Thread.currentThread().interrupt();
        Assert.assertThrows(CommunicationException.class, permits::acquire);
        Assert.assertTrue(Thread.interrupted());
    }
}
