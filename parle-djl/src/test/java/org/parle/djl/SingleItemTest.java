package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.EasyTrain;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.data.Shard;
import org.parle.djl.data.SyntheticDigits;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.function.Supplier;

/** Batches of one item, which some networks can train on. */
public class SingleItemTest {

    @Test
    public void shouldSayWhatBatchNormNeeds() {
        ReplicaException e =
                Assert.expectThrows(ReplicaException.class, () -> train(Networks::quiet));
        String text = e.getCause().getMessage();
        Assert.assertTrue(text.contains("make batches of 2 or more (Expected more than"), text);
        Assert.assertFalse(text.contains("\n"), text);
    }

    @Test
    public void shouldTrainBatchNormOfImages() {
        train(
                () ->
                        new SequentialBlock()
                                .add(
                                        Conv2d.builder()
                                                .setFilters(2)
                                                .setKernelShape(new Shape(5, 5))
                                                .build())
                                .add(BatchNorm.builder().build())
                                .add(Blocks.batchFlattenBlock())
                                .add(Linear.builder().setUnits(10).build()));
    }

    private static void train(Supplier<Block> block) {
        Replicas.run(
                2,
                replica -> {
                    SyntheticDigits set =
                            SyntheticDigits.builder().optSize(3).setSampling(1, false).build();
                    ReplicaOptimizer optimizer =
                            Optimizer.named("sgd")
                                    .setLearningRateTracker(Tracker.fixed(0.01f))
                                    .build();
                    Shard shard = replica.shard(set);
                    try (Model model = Networks.model(block.get());
                            ReplicaTrainer trainer =
                                    replica.newTrainer(model, Networks.config(optimizer))) {
                        trainer.initialize(Networks.INPUT);
                        EasyTrain.fit(trainer, 1, shard, null);
                        Assert.assertEquals(trainer.getSteps(), 3);
                    }
                });
    }
}
