package org.parle.djl.comm;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** No thread waits for ever for a permit, whoever keeps it; none is needed to leave. */
public class PermitsFailureTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int LIMIT = 120_000;

    @Test(timeOut = LIMIT)
    public void shouldNameWhoHoldsThePermitThatNeverChangesHands() {
        Permits permits = new Permits(1, SHORT);
        PermitKeeper keeper = new PermitKeeper(permits).start();
        String message = message(permits::acquire);
        Assert.assertTrue(
                message.startsWith(
                        "no permit to compute changed hands within 0.1 s: the only permit is"
                                + " held by keeper."),
                message);
        Assert.assertTrue(message(permits::acquire).startsWith("replica group ended: no per"));
        keeper.end();
    }

    /** Both are at a barrier; one is answered, and the other keeps the permit then. */
    private static void answeredWithoutPermit(
            LocalGroup group, Permits permits, Runnable meanwhile) {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        List<Throwable> failures =
                Ranks.failures(
                        List.of(group.communicator(0), group.communicator(1)),
                        communicator -> {
                            if (communicator.rank() == 1) {
                                permits.acquire();
                                computing.countDown();
                                try {
                                    communicator.barrier().await();
                                } finally {
                                    over.countDown();
                                    permits.release();
                                }
                                return;
                            }
                            computing.await();
                            permits.acquire();
                            Pending<Void> answered = communicator.barrier();
                            while (permits.queue().standstill().isEmpty() && over.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                            meanwhile.run();
                            over.await();
                            permits.release();
                            answered.await();
                        });
        Assert.assertTrue(failures.get(1) instanceof CommunicationException, "" + failures);
        throw (CommunicationException) failures.get(1);
    }

    @Test(timeOut = LIMIT)
    public void shouldEndAReplicaThatWasAnsweredButGetsNoPermit() {
        LocalGroup group = new LocalGroup(2, Ranks.TIMEOUT);
        Permits permits = new Permits(1, SHORT);
        String message = message(() -> answeredWithoutPermit(group, permits, () -> {}));
        Assert.assertTrue(message.contains("the only permit is held by pool-"), message);
        // the group hears of it
        Assert.assertTrue(group.hasFailed(), "the group has ended");
    }

    @Test(timeOut = LIMIT)
    public void shouldEndWaitsForAPermitWhenTheGroupFails() {
        LocalGroup group = new LocalGroup(2, Ranks.TIMEOUT);
        IllegalStateException cause = new IllegalStateException("the loss is NaN");
        String message =
                message(
                        () ->
                                answeredWithoutPermit(
                                        group,
                                        new Permits(1),
                                        () -> group.communicator(0).abort(cause)));
        Assert.assertTrue(message.contains("the loss is NaN"), message);
    }

    @Test(timeOut = LIMIT)
    public void shouldEndWaitsForAPermitNowAndLaterWhenAborted() {
        LocalGroup group = new LocalGroup(2, Ranks.TIMEOUT);
        Permits permits = new Permits(1);
        IllegalStateException cause = new IllegalStateException("the loss is NaN");
        String message =
                message(() -> answeredWithoutPermit(group, permits, () -> permits.abort(cause)));
        Assert.assertTrue(message.contains("the loss is NaN"), message);
        permits.abort(new IllegalStateException("only the first counts"));
        Assert.assertSame(
                Assert.expectThrows(CommunicationException.class, permits::acquire).getCause(),
                cause);
    }

    @Test(timeOut = LIMIT)
    public void shouldBeInterruptedWhileWaitingForAPermit() {
        Permits permits = new Permits(1);
        permits.acquire();
        PermitKeeper keeper = new PermitKeeper(permits).startAndQueue();
        keeper.interrupt();
        Assert.assertEquals(
                keeper.failure().getMessage(), "interrupted while waiting for a permit");
        permits.release();
        // nobody stands in line any more
        permits.acquire();
        permits.release();
    }

    @Test(timeOut = LIMIT)
    public void shouldLeaveAFailedWaitWithoutAPermitAndTakeOneAtTheNext() {
        List<Communicator> group = Ranks.local(2);
        Permits permits = new Permits(1);
        permits.acquire();
        PermitKeeper keeper = new PermitKeeper(permits).startAndQueue();
        String message = message(() -> group.get(0).barrier().await(SHORT));
        Assert.assertTrue(message.contains("no answer from replica 1"), message);
        keeper.end();
        Permits.whileWaiting(keeper::failure);
        Assert.assertFalse(permits.queue().takeIfFree(), "this thread has it again");
        permits.release();
        Assert.assertTrue(permits.queue().takeIfFree());
    }

    @Test(timeOut = LIMIT)
    public void shouldSayWhoHoldsThePermitThatTheMissingWaitFor() {
        List<Communicator> group = Ranks.local(3);
        Permits permits = new Permits(1);
        permits.acquire();
        PermitKeeper keeper = new PermitKeeper(permits).startAndQueue();
        PermitKeeper next = new PermitKeeper(permits).startAndQueue();
        String message = message(() -> group.get(0).barrier().await(SHORT));
        Assert.assertTrue(
                message.endsWith(
                        "Others wait for a permit to compute: the only permit is held by keeper"),
                message);
        keeper.end();
        next.end();
        permits.release();
    }

    @Test(timeOut = LIMIT)
    public void shouldNotRunOutOfTimeWhilePermitsChangeHands() {
        // one step of all takes three seconds, twice the timeout
        Duration timeout = Duration.ofMillis(1500);
        Permits permits = new Permits(2, timeout);
        Ranks.run(
                Ranks.local(1000, timeout),
                communicator -> {
                    permits.acquire();
                    try {
                        long start = System.nanoTime();
                        while (System.nanoTime() - start < 6_000_000) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        communicator.barrier().await();
                    } finally {
                        permits.release();
                    }
                });
    }

    @Test(timeOut = LIMIT)
    public void shouldGiveAHelpingThreadTheSameTime() throws Exception {
        // what is waited for takes three seconds, and there is only a third of that
        LocalGroup group = new LocalGroup(2, Duration.ofSeconds(1));
        Permits permits = new Permits(1);
        permits.acquire();
        Thread others =
                new Thread(
                        () -> {
                            for (int i = 0; i < 150; i++) {
                                permits.acquire();
                                LockSupport.parkNanos(20_000_000);
                                permits.release();
                            }
                            group.communicator(1).barrier();
                        });
        Thread more = new Thread(() -> pass(permits, others));
        FutureTask<Void> helper =
                new FutureTask<>(
                        Permits.helping(() -> group.communicator(0).barrier().await()), null);
        others.start();
        more.start();
        new Thread(helper).start();
        Permits.whileWaiting(
                () -> {
                    try {
                        return helper.get();
                    } catch (InterruptedException | ExecutionException e) {
                        throw new AssertionError(e);
                    }
                });
        permits.release();
        more.join();
    }

    /** Takes a permit again and again as long as a thread does so, too. */
    private static void pass(Permits permits, Thread other) {
        while (other.isAlive()) {
            permits.acquire();
            permits.release();
        }
    }

    private static String message(Assert.ThrowingRunnable wait) {
        return Assert.expectThrows(CommunicationException.class, wait).getMessage();
    }
}
