package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.Optimizer;
import org.parle.djl.Replica;
import org.parle.djl.ReplicaException;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.comm.CommunicationException;
import org.parle.djl.examples.network.Mlp;
import org.testng.Assert;
import org.testng.annotations.Test;

/** What evaluation finds, apart from errors. */
public class ErrorsTest {

    /** The first evaluates images of zeros, the second of numbers that overflow. */
    @Test
    public void shouldSayThatTrainingDivergedWhereOneReplicaAloneSeesIt() {
        RuntimeException[] seen = new RuntimeException[2];
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        2,
                                        replica -> {
                                            try {
                                                evaluate(replica);
                                            } catch (RuntimeException own) {
                                                seen[replica.getRank()] = own;
                                                throw own;
                                            }
                                        }));
        Assert.assertEquals(e.getCause().getClass(), DivergedException.class, e.getMessage());
        Assert.assertEquals(e.getRank(), 1);
        Assert.assertEquals(seen[0].getClass(), CommunicationException.class);
        Assert.assertEquals(seen[0].getCause(), seen[1]);
    }

    private static void evaluate(Replica replica) throws Exception {
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optOptimizer(
                                Optimizer.localSgd()
                                        .setLearningRateTracker(Tracker.fixed(0.1f))
                                        .build());
        try (Model model = Model.newInstance("mlp");
                NDManager manager = NDManager.newBaseManager();
                NDArray images = manager.zeros(new Shape(4, 1, 28, 28))) {
            model.setBlock(Mlp.block(10));
            images.get("2:").addi(Float.MAX_VALUE);
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(1, 1, 28, 28));
                new Errors(replica, trainer)
                        .of(
                                new ArrayDataset.Builder()
                                        .setData(images)
                                        .optLabels(manager.zeros(new Shape(4)))
                                        .setSampling(4, false)
                                        .build());
            }
        }
    }
}
