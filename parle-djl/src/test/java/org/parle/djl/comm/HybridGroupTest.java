package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Groups over several processes, played by groups of this JVM that another group connects. */
public class HybridGroupTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    public void shouldTalkToOtherProcessesWhileReplicasCompute() {
        List<Communicator> group = Ranks.hybrid(2, 1);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray one = manager.full(new Shape(100_000), 1f);
            NDArray three = manager.full(new Shape(100_000), 3f);
            Pending<Void> computing = group.get(0).allReduceMean(one);
            group.get(1).allReduceMean(three).await();
            Assert.assertEquals(three.getFloat(99_999), 2f);
            computing.await();
        }
    }

    @Test
    public void shouldSendOneVectorPerProcessHoweverManyReplicasThereAre() {
        LocalGroup outer = new LocalGroup(2, Ranks.TIMEOUT);
        List<Communicator> replicas = new ArrayList<>();
        for (int process = 0; process < 2; process++) {
            LocalGroup group = new LocalGroup(4, outer.communicator(process), Ranks.TIMEOUT);
            for (int i = 0; i < 4; i++) {
                replicas.add(group.communicator(i));
            }
        }
        Ranks.run(
                replicas,
                communicator -> {
                    try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray vector = manager.full(new Shape(1000), (float) communicator.rank());
                        communicator.allReduceMean(vector).await();
                        Assert.assertEquals(vector.getFloat(0), 3.5f);
                    }
                });
        Assert.assertEquals(outer.communicator(0).bytesSent(), 4 * 1000);
        // within two processes of four, and once between them
        Assert.assertEquals(
                replicas.stream().mapToLong(Communicator::bytesSent).sum(),
                2 * 2 * 3 * 4 * 1000 + 2 * 4 * 1000);
    }

    @Test
    public void shouldCloseTheWayToOtherProcessesWithTheLastReplica() {
        LocalGroup outer = new LocalGroup(2, Ranks.TIMEOUT);
        List<Communicator> replicas = Ranks.members(2, outer.communicator(0));
        replicas.get(0).close();
        replicas.get(0).close();
        // refused if it were closed
        outer.communicator(0).barrier();
        replicas.get(1).close();
        Assert.assertThrows(IllegalStateException.class, () -> outer.communicator(0).barrier());
    }

    @Test
    public void shouldThrowWhenInterruptedWhileWaitingForOtherProcesses() {
        List<Communicator> group = Ranks.hybrid(2, 1);
        Pending<Void> pending = group.get(0).barrier();
        Thread.currentThread().interrupt();
        String message = message(pending::await);
        Assert.assertTrue(Thread.interrupted(), "the flag is set");
        Assert.assertEquals(message, "interrupted while waiting for barrier of replica 0");
        group.get(1).barrier().await();
        pending.await();
    }

    @Test
    public void shouldNameTheProcessesThatDidNotAnswerInTime() {
        List<Communicator> group = Ranks.hybrid(3, 2);
        Pending<Void> first = group.get(2).barrier();
        Pending<Void> second = group.get(3).barrier();
        String message = message(() -> first.await(SHORT));
        Assert.assertTrue(message.startsWith("between processes"), message);
        Assert.assertTrue(message.contains("no answer from replicas 0, 2 within"), message);
        Assert.assertTrue(message(second::await).contains("0, 2"), "all of the process are told");
    }

    @Test
    public void shouldEndTheGroupInOtherProcessesToo() {
        IllegalStateException cause = new IllegalStateException("the loss is NaN");
        List<Throwable> failures =
                Ranks.failures(
                        Ranks.hybrid(3, 2),
                        communicator -> {
                            if (communicator.rank() == 5) {
                                throw cause;
                            }
                            communicator.barrier().await(Ranks.TIMEOUT);
                        });
        Assert.assertSame(failures.remove(5), cause);
        for (Throwable failure : failures) {
            Assert.assertTrue(failure.getMessage().contains("the loss is NaN"), failure.toString());
        }
    }

    @Test
    public void shouldRefuseCallsThatDifferBetweenProcesses() {
        List<Communicator> group = Ranks.hybrid(2, 1);
        group.get(0).barrier();
        Pending<?> gather = group.get(1).allGather(ByteBuffer.allocate(1));
        String message = message(gather::await);
        Assert.assertTrue(message.contains("replica 1 called all-gather where"), message);
    }

    @Test(timeOut = 60_000)
    public void shouldWakeAllThoughTheTransportFailsToAbort() {
        IllegalStateException cause = new IllegalStateException("the loss is NaN");
        List<Communicator> group =
                Ranks.members(2, withoutAbort(new LocalGroup(2, Ranks.TIMEOUT).communicator(0)));
        List<Throwable> failures =
                Ranks.failures(
                        group,
                        communicator -> {
                            if (communicator.rank() == 1) {
                                throw cause;
                            }
                            communicator.barrier().await(Duration.ofDays(1));
                        });
        Assert.assertSame(failures.get(1), cause);
        Assert.assertTrue(failures.get(0).getMessage().contains("the loss is NaN"), "" + failures);
        Assert.assertEquals(cause.getSuppressed()[0].getMessage(), "the line is dead");
    }

    @Test
    public void shouldCloseTheWayToOtherProcessesThoughAReplicaFails() {
        LocalGroup outer = new LocalGroup(2, Ranks.TIMEOUT);
        List<Throwable> failures =
                Ranks.failures(
                        Ranks.members(2, outer.communicator(0)),
                        communicator -> {
                            try (NDManager manager = NDManager.newBaseManager()) {
                                NDArray vector = manager.full(new Shape(1000), 1f);
                                Pending<Void> pending = communicator.allReduceMean(vector);
                                if (communicator.rank() == 1) {
                                    throw new IllegalStateException("the loss is NaN");
                                }
                                pending.await();
                            }
                        });
        Assert.assertTrue(failures.get(0).getMessage().contains("the loss is NaN"), "" + failures);
        Assert.assertThrows(IllegalStateException.class, () -> outer.communicator(0).barrier());
    }

    /** The same communicator, but for an abort that throws. */
    private static Communicator withoutAbort(Communicator communicator) {
        return (Communicator)
                Proxy.newProxyInstance(
                        Communicator.class.getClassLoader(),
                        new Class<?>[] {Communicator.class},
                        (proxy, method, arguments) -> {
                            if ("abort".equals(method.getName())) {
                                throw new IllegalStateException("the line is dead");
                            }
                            return method.invoke(communicator, arguments);
                        });
    }

    private static String message(Assert.ThrowingRunnable wait) {
        return Assert.expectThrows(CommunicationException.class, wait).getMessage();
    }
}
