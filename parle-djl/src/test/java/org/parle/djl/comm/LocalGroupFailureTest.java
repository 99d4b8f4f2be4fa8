package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A group that cannot go on says why to every replica, and none is left waiting. */
public class LocalGroupFailureTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration VERY_LONG = Duration.ofDays(1_000_000);

    @Test
    public void shouldNameTheReplicasThatDidNotAnswerInTime() {
        List<Communicator> group = Ranks.local(3);
        try (NDManager manager = NDManager.newBaseManager()) {
            Pending<Void> pending = group.get(0).allReduceMean(manager.create(new float[132220]));
            String message = message(() -> pending.await(SHORT));
            Assert.assertTrue(
                    message.startsWith(
                            "all-reduce of 132220 floats: no answer from replicas 1, 2 within"
                                    + " 0.05 s (replica 0 waited)."),
                    message);
            Assert.assertTrue(message.contains("if (replica.isFirst())"), message);
        }
    }

    @Test
    public void shouldNameSomeOfManyReplicasThatDidNotAnswer() {
        String message = message(() -> Ranks.local(100).get(5).barrier().await(SHORT));
        Assert.assertTrue(
                message.contains("replicas 0, 1, 2, 3, 4, 6, 7, 8 and 91 others"), message);
    }

    @Test
    public void shouldUseTheGroupsTimeoutWhereNoneIsGiven() {
        String message = message(Ranks.local(2, SHORT).get(1).barrier()::await);
        Assert.assertTrue(message.contains("barrier: no answer from replica 0 within"), message);
    }

    @Test
    public void shouldEndTheWaitOfAllWhenOneRunsOutOfTime() {
        CountDownLatch told = new CountDownLatch(2);
        List<Throwable> failures =
                Ranks.failures(
                        Ranks.local(4),
                        communicator -> {
                            if (communicator.rank() == 3) {
                                await(told);
                            } else if (communicator.rank() == 0) {
                                communicator.barrier().await(SHORT);
                            } else {
                                try {
                                    communicator.barrier().await(VERY_LONG);
                                } finally {
                                    told.countDown();
                                }
                            }
                        });
        Assert.assertTrue(failures.get(0).getMessage().contains("replica 3"), failures.toString());
        for (int rank = 1; rank < 3; rank++) {
            String message = failures.get(rank).getMessage();
            Assert.assertTrue(message.startsWith("replica group ended: barrier: no"), message);
            Assert.assertSame(failures.get(rank).getCause(), failures.get(0));
        }
        Assert.assertNull(failures.get(3));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // often: one that leaves because another has ended must never be named in its place
    @Test(invocationCount = 1000)
    public void shouldNotWaitForAReplicaThatHasEnded() {
        List<Throwable> failures =
                Ranks.failures(
                        Ranks.local(3),
                        communicator -> {
                            if (communicator.rank() != 1) {
                                communicator.barrier().await(VERY_LONG);
                            }
                        });
        for (int rank : new int[] {0, 2}) {
            String message = failures.get(rank).getMessage();
            Assert.assertTrue(message.contains("waits for replica 1, which has ended"), message);
        }
        Assert.assertNull(failures.get(1));
    }

    @Test
    public void shouldTellAllWhoCalledWhat() {
        List<Throwable> failures =
                Ranks.failures(
                        Ranks.local(3),
                        communicator -> {
                            try (NDManager manager = NDManager.newBaseManager()) {
                                if (communicator.rank() == 1) {
                                    communicator.barrier().await();
                                } else {
                                    NDArray vector = manager.create(new float[132220]);
                                    communicator.allReduceMean(vector).await();
                                }
                            }
                        });
        for (Throwable failure : failures) {
            Assert.assertTrue(failure instanceof CommunicationException, failures.toString());
            String message = failure.getMessage();
            boolean eitherPair =
                    message.contains(
                                    "replica 1 called barrier where replica 0 called all-reduce of"
                                            + " 132220 floats")
                            || message.contains(
                                    "replica 2 called all-reduce of 132220 floats where replica 1"
                                            + " called barrier");
            Assert.assertTrue(eitherPair, message);
        }
    }

    @Test
    public void shouldRefuseVectorsOfDifferentLengths() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            Pending<Void> pending = group.get(0).allReduceMean(manager.create(new float[3]));
            group.get(1).allReduceMean(manager.create(new float[4]));
            String message = message(pending::await);
            Assert.assertTrue(
                    message.contains(
                            "replica 1 called all-reduce of 4 floats where replica 0 called"
                                    + " all-reduce of 3 floats"),
                    message);
        }
    }

    @Test
    public void shouldRefuseDifferentRoots() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray vector = manager.create(new float[3]);
            Pending<Void> pending = group.get(0).broadcast(vector, 0);
            group.get(1).broadcast(vector, 1);
            String message = message(pending::await);
            Assert.assertTrue(message.contains("of 3 floats from replica 1 where"), message);
        }
    }

    @Test
    public void shouldRefuseNeighboursThatAreNotMutual() {
        List<Communicator> group = Ranks.local(2);
        ByteBuffer empty = ByteBuffer.allocate(0);
        Pending<?> pending = group.get(0).exchange(new int[] {1}, empty);
        group.get(1).exchange(new int[0], empty);
        String message = message(pending::await);
        Assert.assertTrue(message.contains("replica 1 did not name 0"), message);
    }

    @Test
    public void shouldEndEveryWaitNowAndLaterWithTheCauseOfAnAbort() {
        List<Communicator> group = Ranks.local(2);
        Pending<Void> before = group.get(0).barrier();
        IllegalStateException cause = new IllegalStateException("the loss is NaN");
        group.get(1).abort(cause);
        group.get(1).abort(new IllegalStateException("only the first counts"));
        for (Pending<Void> pending : List.of(before, group.get(0).barrier())) {
            CommunicationException e =
                    Assert.expectThrows(CommunicationException.class, pending::await);
            Assert.assertSame(e.getCause(), cause);
            Assert.assertTrue(e.getMessage().contains("the loss is NaN"), e.getMessage());
        }
        Solo solo = new Solo();
        solo.abort(cause);
        Assert.assertSame(
                Assert.expectThrows(CommunicationException.class, solo.barrier()::await).getCause(),
                cause);
    }

    @Test
    public void shouldThrowWhenInterruptedAndKeepTheFlagAndTheGroup() {
        List<Communicator> group = Ranks.local(2);
        Pending<Void> pending = group.get(0).barrier();
        Thread.currentThread().interrupt();
        String message = message(pending::await);
        Assert.assertTrue(Thread.interrupted(), "the flag is set");
        Assert.assertEquals(message, "interrupted while waiting for barrier of replica 0");
        group.get(1).barrier().await();
        pending.await();
    }

    @Test
    public void shouldRefuseCallsAfterClosing() {
        Communicator communicator = Ranks.local(1).get(0);
        communicator.close();
        communicator.close();
        Assert.assertThrows(IllegalStateException.class, communicator::barrier);
    }

    @Test
    public void shouldRefuseAGroupWithoutReplicasOrTime() {
        Assert.assertThrows(IllegalArgumentException.class, () -> new LocalGroup(0, SHORT));
        Assert.assertThrows(IllegalArgumentException.class, () -> new LocalGroup(1, Duration.ZERO));
        Assert.assertThrows(
                IllegalArgumentException.class, () -> new LocalGroup(1, SHORT).communicator(1));
    }

    private static String message(Assert.ThrowingRunnable wait) {
        return Assert.expectThrows(CommunicationException.class, wait).getMessage();
    }
}
