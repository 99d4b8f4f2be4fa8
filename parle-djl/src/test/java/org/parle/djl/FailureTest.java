package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.data.Shard;
import org.parle.djl.data.SyntheticDigits;
import org.parle.djl.training.BlockParameters;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A failure of one replica ends all, whatever is stuck, and says what failed. */
public class FailureTest {

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 640);

    private static ReplicaException fails(Replicas replicas, ReplicaBody body) {
        return Assert.expectThrows(ReplicaException.class, () -> replicas.run(body));
    }

    private static Replicas replicas(int n) {
        return Replicas.builder().optTimeout(Duration.ofMinutes(5)).build(n);
    }

    @DataProvider
    public Object[][] workers() {
        return new Object[][] {{1}, {4}};
    }

    @Test(dataProvider = "workers", timeOut = 60_000)
    public void shouldNameABodyThatIsStuck(int workers) {
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Thread> stuck = new AtomicReference<>();
        Replicas three =
                Replicas.builder().optTimeout(Duration.ofSeconds(1)).optWorkers(workers).build(3);
        ReplicaException e =
                fails(
                        three,
                        replica -> {
                            if (replica.isFirst()) {
                                stuck.set(Thread.currentThread());
                                while (never.getCount() > 0) {
                                    try {
                                        never.await();
                                    } catch (InterruptedException ignored) {
                                        // the interrupt is what this body does not heed
                                        Thread.interrupted();
                                    }
                                }
                            }
                            replica.communicator().barrier().await();
                        });
        try {
            Assert.assertTrue(e.getMessage().contains("replica 0"), e.getMessage());
            Throwable at = e.getSuppressed()[0];
            Assert.assertTrue(at.getMessage().contains("\"replica 0\""), at.getMessage());
            Assert.assertTrue(
                    Stream.of(at.getStackTrace())
                            .anyMatch(
                                    one -> one.getClassName().equals(FailureTest.class.getName())));
            Assert.assertTrue(stuck.get().isDaemon());
        } finally {
            never.countDown();
        }
    }

    @Test(timeOut = 60_000)
    public void shouldInterruptABodyInItsOwnCode() {
        CountDownLatch never = new CountDownLatch(1);
        ReplicaException e =
                fails(
                        replicas(2),
                        replica -> {
                            if (replica.isFirst()) {
                                never.await();
                            }
                            throw new OutOfMemoryError("on replica 1");
                        });
        Assert.assertEquals(e.getRank(), 1);
        Assert.assertTrue(e.getCause() instanceof OutOfMemoryError, e.toString());
        Assert.assertEquals(e.getSuppressed().length, 0);
    }

    /** With a round of a million steps the others meet nobody before their end. */
    @Test(timeOut = 120_000)
    public void shouldEndOthersThatMeetNobody() {
        AtomicInteger most = new AtomicInteger();
        ReplicaException e =
                fails(
                        Replicas.builder().optWorkers(3).build(3),
                        replica -> {
                            try (Model model = Networks.model(Networks.quiet());
                                    Trainer trainer =
                                            replica.newTrainer(
                                                    model,
                                                    Networks.config(
                                                            Optimizer.named(
                                                                    "diloco",
                                                                    Map.of(
                                                                            "learningRate",
                                                                            1e-3,
                                                                            "syncEvery",
                                                                            1_000_000))))) {
                                trainer.initialize(Networks.INPUT);
                                Shard shard = replica.shard(TRAIN);
                                for (int step = 0; step < 100_000; ) {
                                    for (Batch batch : trainer.iterateDataset(shard)) {
                                        EasyTrain.trainBatch(trainer, batch);
                                        trainer.step();
                                        batch.close();
                                        step++;
                                        most.accumulateAndGet(step, Math::max);
                                        if (step == 5 && replica.getRank() == 2) {
                                            throw new IllegalArgumentException("the user's own");
                                        }
                                    }
                                }
                            }
                        });
        Assert.assertEquals(e.getRank(), 2);
        Assert.assertEquals(e.getCause().getMessage(), "the user's own");
        Assert.assertTrue(most.get() < 1_000, "others took " + most + " steps");
    }

    @Test(timeOut = 60_000)
    public void shouldNotEndOtherReplicasOfThisJvm() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicReference<Throwable> other = new AtomicReference<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                replicas(2)
                                        .run(
                                                replica -> {
                                                    failed.await();
                                                    replica.communicator().barrier().await();
                                                });
                            } catch (RuntimeException e) {
                                other.set(e);
                            }
                        });
        thread.start();
        fails(
                replicas(2),
                replica -> {
                    throw new IllegalStateException("this one");
                });
        failed.countDown();
        thread.join();
        Assert.assertNull(other.get());
    }

    @Test(timeOut = 60_000)
    public void shouldSeeAnInterruptWithOneReplica() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Thread> runner = new AtomicReference<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                replicas(1)
                                        .run(
                                                replica ->
                                                        train(
                                                                replica,
                                                                () -> runner.get().interrupt()));
                            } catch (RuntimeException e) {
                                thrown.set(e);
                            }
                        });
        runner.set(thread);
        thread.start();
        thread.join();
        Assert.assertTrue(thrown.get() instanceof ReplicaException, String.valueOf(thrown));
        Assert.assertTrue(thrown.get().getCause() instanceof CommunicationException);
    }

    private static void train(Replica replica, Runnable afterStep) throws Exception {
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer = replica.newTrainer(model, Networks.config(Networks.parle()))) {
            trainer.initialize(Networks.INPUT);
            Shard shard = replica.shard(TRAIN);
            for (int epoch = 0; epoch < 1000; epoch++) {
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    afterStep.run();
                }
            }
        }
    }

    @Test(timeOut = 60_000)
    public void shouldSayWhatTheBodyHasMadeOfIt() {
        ReplicaException e =
                fails(
                        replicas(2),
                        replica -> {
                            try {
                                replica.newTrainer(
                                                Networks.model(Networks.quiet()),
                                                Networks.config(Networks.parle()))
                                        .step();
                            } catch (IllegalStateException early) {
                                throw new IllegalArgumentException("in my words", early);
                            }
                        });
        Assert.assertEquals(e.getCause().getMessage(), "in my words");
    }

    @Test
    public void shouldBuildAgainWithoutChangingWhatWasBuilt() {
        Replicas.Builder builder = Replicas.builder();
        Replicas three = builder.build(3);
        builder.optTimeout(Duration.ofNanos(1)).build(5);
        AtomicInteger bodies = new AtomicInteger();
        three.run(
                replica -> {
                    Assert.assertEquals(replica.getSize(), 3);
                    replica.communicator().barrier().await();
                    bodies.incrementAndGet();
                });
        Assert.assertEquals(bodies.get(), 3);
    }

    @Test
    public void shouldCloseWhatDjlsTrainerHasTrained() throws Exception {
        try (Model model = Networks.model(Networks.quiet())) {
            ReplicaOptimizer optimizer = Networks.parle();
            NDArray trained;
            try (Trainer trainer =
                    model.newTrainer(Networks.config(optimizer).addTrainingListeners(optimizer))) {
                trainer.initialize(Networks.INPUT);
                trained =
                        BlockParameters.of(model.getBlock())
                                .trained()
                                .values()
                                .iterator()
                                .next()
                                .getArray();
                for (Batch batch : trainer.iterateDataset(TRAIN)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                }
            }
            Assert.assertTrue(trained.isReleased());
            Assert.assertTrue(Networks.values(model).length > 0);
        }
    }
}
