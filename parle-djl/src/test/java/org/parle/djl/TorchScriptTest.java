package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.data.SyntheticDigits;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * TorchScript modules, which compute with tensors of their own. The module is made by {@code
 * make_tiny.py} beside it.
 */
public class TorchScriptTest {

    private final SyntheticDigits train = Networks.digits(Dataset.Usage.TRAIN, 960);
    private final SyntheticDigits test = Networks.digits(Dataset.Usage.TEST, 320);

    static Model load() throws Exception {
        Model model = Model.newInstance("tiny", Device.cpu());
        Path folder = Path.of(TorchScriptTest.class.getResource("/torchscript/tiny.pt").toURI());
        model.load(folder.getParent(), "tiny", Map.of("trainParam", "true"));
        return model;
    }

    private static ReplicaOptimizer optimizer() {
        return Optimizer.parle()
                .setLearningRateTracker(Tracker.fixed(0.05f))
                .optSyncEvery(5)
                .build();
    }

    /** The error of what the module itself computes. */
    private double error(Model model) throws Exception {
        long wrong = 0;
        for (Batch batch : test.getData(model.getNDManager())) {
            ParameterStore store = new ParameterStore(batch.getManager(), false);
            NDList output = model.getBlock().forward(store, batch.getData(), false);
            NDArray found = output.head().argMax(1);
            NDArray wanted = batch.getLabels().head().flatten().toType(found.getDataType(), false);
            wrong += batch.getSize() - found.eq(wanted).sum().getLong();
            batch.close();
        }
        return (double) wrong / test.size();
    }

    @Test
    public void shouldTrainInAPlainTrainer() throws Exception {
        ReplicaOptimizer optimizer = optimizer();
        try (Model model = load()) {
            try (Trainer trainer =
                    model.newTrainer(
                            Networks.config(optimizer)
                                    .addTrainingListeners(TrainingListener.Defaults.basic())
                                    .addTrainingListeners(optimizer))) {
                trainer.initialize(Networks.INPUT);
                EasyTrain.fit(trainer, 3, train, test);
            }
            Assert.assertTrue(error(model) < 0.5, "after " + error(model));
        }
    }

    /** Evaluating the reference in between must not change what the module is trained with. */
    @Test
    public void shouldTrainReplicasUndisturbedByEvaluation() {
        Map<String, float[]> weights = new ConcurrentHashMap<>();
        for (boolean evaluate : new boolean[] {true, false}) {
            Replicas.run(
                    2,
                    replica -> {
                        try (Model model = load()) {
                            try (ReplicaTrainer trainer =
                                    replica.newTrainer(model, Networks.config(optimizer()))) {
                                trainer.initialize(Networks.INPUT);
                                train(replica, trainer, evaluate);
                                weights.put(
                                        replica.getRank() + " " + evaluate,
                                        trainer.getWeights(0).toFloatArray());
                            }
                            Assert.assertTrue(error(model) < 0.5, "after " + error(model));
                            weights.put(
                                    "reference " + replica.getRank() + " " + evaluate,
                                    Networks.values(model));
                        }
                    });
        }
        Assert.assertEquals(weights.get("0 true"), weights.get("0 false"));
        Assert.assertEquals(weights.get("1 true"), weights.get("1 false"));
        Assert.assertNotEquals(weights.get("0 true"), weights.get("1 true"));
        Assert.assertEquals(weights.get("reference 0 true"), weights.get("reference 1 false"));
    }

    private void train(Replica replica, ReplicaTrainer trainer, boolean evaluate) throws Exception {
        Dataset shard = replica.shard(train);
        for (int epoch = 0; epoch < 3; epoch++) {
            for (Batch batch : trainer.iterateDataset(shard)) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
                batch.close();
                if (evaluate && trainer.getSteps() % 7 == 0) {
                    EasyTrain.evaluateDataset(trainer, test);
                }
            }
        }
    }
}
