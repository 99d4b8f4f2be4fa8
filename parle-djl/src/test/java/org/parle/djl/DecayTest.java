package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one step changes in each parameter with weight decay, beside the same step without. */
public class DecayTest {

    private static final float RATE = 0.5f;
    private static final float DECAY = 0.25f;

    @DataProvider
    public Object[][] optimizers() {
        return new Object[][] {
            {"parle", Map.of()},
            {"parle", Map.of("inner", "adamw")},
            {"entropy-sgd", Map.of()},
            {"sgd", Map.of()},
            {"elastic-sgd", Map.of()},
            {"decentralized-sgd", Map.of()},
            {"choco-sgd", Map.of()},
        };
    }

    @Test(dataProvider = "optimizers")
    public void shouldLeaveOutParametersOfOneDimension(String name, Map<String, Object> options)
            throws Exception {
        Map<String, float[]> start = new LinkedHashMap<>();
        Map<String, float[]> without = step(name, options, Map.of(), start);
        for (boolean bias : new boolean[] {true, false}) {
            Map<String, float[]> with =
                    step(name, options, Map.of("weightDecays", DECAY, "decayBias", bias), start);
            int flat = 0;
            for (String parameter : start.keySet()) {
                boolean decays = bias || !parameter.endsWith("1D");
                flat += parameter.endsWith("1D") ? 1 : 0;
                for (int i = 0; i < start.get(parameter).length; i++) {
                    float w = start.get(parameter)[i];
                    // one step with momentum 0: η wd w less, in sgd and in adamw
                    float expected = without.get(parameter)[i] - (decays ? RATE * DECAY * w : 0);
                    Assert.assertEquals(with.get(parameter)[i], expected, 1e-5f, parameter);
                }
            }
            Assert.assertTrue(flat >= 4, "biases, and batch norm's parameters: " + flat);
        }
    }

    private static Map<String, float[]> step(
            String name,
            Map<String, Object> options,
            Map<String, ?> more,
            Map<String, float[]> start) {
        Map<String, float[]> end = new LinkedHashMap<>();
        ReplicaOptimizer.Builder builder =
                Optimizer.named(name).setLearningRateTracker(Tracker.fixed(RATE));
        if (!options.containsKey("inner")) {
            builder.opt("momentum", 0);
        }
        options.forEach(builder::opt);
        more.forEach(builder::opt);
        Replicas.run(
                1,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet());
                            ReplicaTrainer trainer =
                                    replica.newTrainer(model, Networks.config(builder.build()))) {
                        trainer.initialize(Networks.INPUT);
                        PlainTrainerTest.fill(model);
                        values(model, start);
                        for (Batch batch :
                                trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 32))) {
                            EasyTrain.trainBatch(trainer, batch);
                            trainer.step();
                            batch.close();
                        }
                        split(trainer.getWeights(0).toFloatArray(), start, end);
                    }
                });
        return end;
    }

    private static void split(
            float[] weights, Map<String, float[]> like, Map<String, float[]> into) {
        int from = 0;
        for (Map.Entry<String, float[]> entry : like.entrySet()) {
            int to = from + entry.getValue().length;
            into.put(entry.getKey(), Arrays.copyOfRange(weights, from, to));
            from = to;
        }
        Assert.assertEquals(from, weights.length);
    }

    private static void values(Model model, Map<String, float[]> into) {
        for (Pair<String, Parameter> entry : model.getBlock().getParameters()) {
            if (entry.getValue().requiresGradient()) {
                NDArray array = entry.getValue().getArray();
                String key = entry.getKey() + " " + array.getShape().dimension() + "D";
                into.put(key, array.toFloatArray());
            }
        }
    }
}
