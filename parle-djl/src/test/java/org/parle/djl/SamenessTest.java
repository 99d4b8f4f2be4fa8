package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/** Replicas on threads that are not what they must be. */
public class SamenessTest {

    private static final int REPLICAS = 3;

    @DataProvider
    public Object[][] rates() {
        IntFunction<Tracker> always = rank -> Tracker.fixed(rank == 2 ? 0.02f : 0.01f);
        IntFunction<Tracker> once = rank -> k -> rank == 2 && k == 2 ? 0.02f : 0.01f;
        return new Object[][] {
            {"sgd", always, "replica 2 has learningRate at step 1 0.02 where replica 0 has 0.01"},
            {"local-sgd", once, "replica 2 has learning rates with the checksum, up to step 3, "}
        };
    }

    @Test(dataProvider = "rates")
    public void shouldCompareLearningRates(
            String optimizer, IntFunction<Tracker> tracker, String message) {
        fails(message, optimizer, tracker, (trainer, step) -> {});
    }

    @DataProvider
    public Object[][] vectors() {
        return new Object[][] {{"sgd", "weights"}, {"dgc", "weights"}, {"local-sgd", "reference"}};
    }

    @Test(dataProvider = "vectors")
    public void shouldCompareVectors(String optimizer, String vector) {
        fails(
                "vector " + vector + " after step 3",
                optimizer,
                rank -> k -> 0.01f,
                (trainer, step) -> {
                    if (step == 3) {
                        trainer.getReference().addi(1e-6f);
                    }
                });
    }

    private static void fails(
            String message,
            String optimizer,
            IntFunction<Tracker> tracker,
            BiConsumer<ReplicaTrainer, Integer> third) {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        REPLICAS,
                                        replica ->
                                                train(
                                                        replica,
                                                        optimizer,
                                                        tracker.apply(replica.getRank()),
                                                        third)));
        Assert.assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static void train(
            Replica replica,
            String optimizer,
            Tracker tracker,
            BiConsumer<ReplicaTrainer, Integer> afterStep)
            throws Exception {
        ReplicaOptimizer.Builder builder =
                Optimizer.named(optimizer).setLearningRateTracker(tracker);
        try (Model model = Networks.model(Networks.quiet());
                ReplicaTrainer trainer =
                        replica.newTrainer(model, Networks.config(builder.build()))) {
            trainer.initialize(Networks.INPUT);
            int step = 0;
            for (Batch batch :
                    trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 3 * 32))) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
                batch.close();
                step++;
                if (replica.getRank() == 2) {
                    afterStep.accept(trainer, step);
                }
            }
        }
    }
}
