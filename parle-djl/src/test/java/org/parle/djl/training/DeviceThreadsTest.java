package org.parle.djl.training;

import ai.djl.engine.Engine;

import org.parle.djl.comm.LocalGroup;
import org.parle.djl.job.Failure;
import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** One trainer's devices, of which one fails. */
public class DeviceThreadsTest {

    @BeforeClass
    public void loadTheEngine() {
        Engine.getInstance();
    }

    @Test(timeOut = 60_000)
    public void shouldEndTheOthersWhenOneFails() {
        LocalGroup group = new LocalGroup(3, Duration.ofMinutes(30));
        Failure failure = new Failure();
        failure.onFailure(group.communicator(0)::abort);
        DeviceThreads threads = new DeviceThreads(3, failure, 0);
        OutOfMemoryError mine = new OutOfMemoryError("on device 1");
        try {
            threads.each(
                    i -> {
                        if (i == 1) {
                            throw mine;
                        }
                        group.communicator(i).barrier().await();
                    });
            Assert.fail("no failure");
        } catch (OutOfMemoryError e) {
            Assert.assertSame(e, mine);
        }
        Assert.assertSame(failure.cause().what(), mine);
        Assert.assertTrue(threads.stop());
    }

    @Test(timeOut = 60_000)
    public void shouldGoOnWithoutOneThatIsStuck() {
        Failure failure = new Failure();
        DeviceThreads threads = new DeviceThreads(2, failure, 0);
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        IllegalStateException mine = new IllegalStateException("on device 1");
        Exception thrown =
                Assert.expectThrows(
                        RuntimeException.class,
                        () ->
                                threads.each(
                                        i -> {
                                            if (i == 1) {
                                                throw mine;
                                            }
                                            begun.countDown();
                                            while (!end.get()) {
                                                Thread.onSpinWait();
                                            }
                                        }));
        Assert.assertTrue(thrown == mine || thrown.getCause() == mine, thrown.toString());
        Assert.assertEquals(begun.getCount(), 0);
        Assert.assertFalse(threads.stop());
        end.set(true);
    }
}
