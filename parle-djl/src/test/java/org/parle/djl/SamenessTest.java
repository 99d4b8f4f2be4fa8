package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.training.Settings;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        return new Object[][] {
            {"sgd", "weights"}, {"dgc", "weights"}, {"elastic-sgd", "reference"}
        };
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

    /** The same path may be another file on another host. */
    @Test
    public void shouldTellEdgesApart() throws Exception {
        Path file = Files.writeString(Files.createTempFile("graph", ".txt"), "0 1\n1 2\n");
        Settings settings =
                Optimizer.named("decentralized-sgd")
                        .setLearningRateTracker(k -> 0.01f)
                        .opt("topology", file)
                        .build()
                        .settings();
        List<Map<String, String>> told = new ArrayList<>();
        for (String edges : new String[] {"0 1\n1 2\n", "0 1\n1 2\n2 0\n", "1 0\n2 1\n"}) {
            Files.writeString(file, edges);
            told.add(settings.provider().mustAgree(settings.options(), REPLICAS));
        }
        Assert.assertTrue(told.get(0).toString().contains("2 with the checksum"), told.toString());
        Assert.assertNotEquals(told.get(1), told.get(0));
        Assert.assertEquals(told.get(2), told.get(0));
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
