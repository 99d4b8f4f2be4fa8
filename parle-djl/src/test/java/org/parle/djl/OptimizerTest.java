package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user sees of the optimizers: names, options, refusals, and how often the tracker is asked.
 */
public class OptimizerTest {

    @Test
    public void shouldFindItsOwnAndAThirdPartysOptimizers() {
        Assert.assertTrue(
                Optimizer.providers()
                        .keySet()
                        .containsAll(
                                List.of(
                                        "choco-sgd",
                                        "dcd-sgd",
                                        "decentralized-sgd",
                                        "deep-squeeze",
                                        "dgc",
                                        "diloco",
                                        "ecd-sgd",
                                        "ef-sign-sgd",
                                        "elastic-sgd",
                                        "entropy-sgd",
                                        "local-sgd",
                                        "parle",
                                        "sgd",
                                        "sign-descent")));
    }

    @Test
    public void shouldTrainWithAThirdPartysOptimizer() throws Exception {
        ReplicaOptimizer optimizer =
                Optimizer.named("sign-descent", Map.of("learningRate", 0.001, "scale", "2"));
        try (Model model = Networks.model(Networks.quiet())) {
            float[] start;
            try (Trainer trainer =
                    model.newTrainer(Networks.config(optimizer).addTrainingListeners(optimizer))) {
                trainer.initialize(Networks.INPUT);
                start = Networks.values(model);
                EasyTrain.fit(trainer, 1, Networks.digits(Dataset.Usage.TRAIN, 32), null);
            }
            float[] end = Networks.values(model);
            for (int i = 0; i < end.length; i++) {
                float step = Math.abs(end[i] - start[i]);
                Assert.assertTrue(step == 0 || Math.abs(step - 0.002) < 1e-6, "step " + step);
            }
        }
    }

    @Test
    public void shouldKeepDjlsOwnOptimizers() {
        Assert.assertNotNull(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1)).build());
        Assert.assertNotNull(Optimizer.adam().build());
    }

    @DataProvider
    public Object[][] refusals() {
        return new Object[][] {
            {"parl", Map.of("learningRate", 0.1), "did you mean \"parle\""},
            {"parle", Map.of("learningRate", 0.1, "gama", 1), "did you mean \"gamma\""},
            {"parle", Map.of("learningRate", 0.1, "sync-evry", 1), "\"syncEvery\""},
            {"parle", Map.of(), "learningRate is required"},
            {"parle", Map.of("learningRate", -0.1), "learningRate must be a number above 0"},
            {"parle", Map.of("learningRate", "fast"), "not fast"},
            {"parle", Map.of("learningRate", 0.1, "alpha", 1.5), "from 0 to 1, not 1.5"},
            {"parle", Map.of("learningRate", 0.1, "alpha", 1), "learns nothing"},
            {"entropy-sgd", Map.of("learningRate", 0.1, "alpha", 1), "learns nothing"},
            {"parle", Map.of("learningRate", 0.1, "syncEvery", 0), "from 1, or auto"},
            {"parle", Map.of("learningRate", 0.1, "syncEvery", 2.5), "whole number"},
            {"local-sgd", Map.of("learningRate", 0.1, "syncEvery", "auto"), "syncEvery must be"},
            {"parle", Map.of("learningRate", 0.1, "gamma", -1), "gamma must be"},
            {"parle", Map.of("learningRate", 0.1, "rho", "NaN"), "rho must be"},
            {"parle", Map.of("learningRate", 0.1, "momentum", 1), "below 1"},
            {"parle", Map.of("learningRate", 0.1, "coupling", "proximl"), "\"proximal\""},
            {"parle", Map.of("learningRate", 0.1, "inner", "adam"), "\"adamw\""},
            {
                "parle",
                Map.of("learningRate", 0.1, "coupling", "proximal", "gamma", 0),
                "learns nothing"
            },
            {"parle", Map.of("learningRate", 0.1, "syncEvery", "auto", "gamma", 0), "auto follows"},
            {
                "parle",
                Map.of("learningRate", 0.1, "coupling", "momentum", "outerMomentum", 0.5),
                "belongs to the couplings"
            },
            {
                "choco-sgd",
                Map.of("learningRate", 0.1, "keep", 0.1),
                "keep=0.1 is not for compressor sign, but for random-k, top-k, upper-halves"
            },
            {
                "parle",
                Map.of("learningRate", 0.1, "bits", 4),
                "bits=4 is not for compressor none, but for qsgd"
            },
            {
                "local-sgd",
                Map.of("learningRate", 0.1, "compressor", "top-k", "biased", true),
                "biased=true is not for compressor top-k, but for qsgd, random-k"
            },
            {"elastic-sgd", Map.of("learningRate", 0.1, "compressor", "tok-k"), "\"top-k\""},
            {
                "dcd-sgd",
                Map.of("learningRate", 0.1, "bits", 17),
                "bits must be a whole number from 1 to 16, not 17"
            },
            {"choco-sgd", Map.of("learningRate", 0.1, "consensusStep", 0), "above 0, not 0"},
            {"choco-sgd", Map.of("learningRate", 0.1, "topology", "rnig"), "\"ring\""},
            {"choco-sgd", Map.of("learningRate", 0.1, "inner", "adamw"), "no option \"inner\""},
            {
                "choco-sgd",
                Map.of("learningRate", 0.1, "compressor", "upper-halves"),
                "consensusStep is required with compressor upper-halves"
            },
            {
                "parle",
                Map.of("learningRate", 0.1, "compressor", "upper-halves", "keep", 0.1),
                "keep must be one of upper, not 0.1"
            },
            {
                "parle",
                Map.of("learningRate", 0.1, "compressor", "sign", "loud", true),
                "loud=true is not for compressor sign, but for upper-halves"
            },
            {"decentralized-sgd", Map.of("learningRate", 0.1, "order", "first"), "adapt-then"},
            {"dgc", Map.of("learningRate", 0.1, "compressor", "sign"), "no option \"compressor\""},
        };
    }

    @Test(dataProvider = "refusals")
    public void shouldRefuseWithOneClearLine(String name, Map<String, ?> options, String part) {
        IllegalArgumentException e =
                Assert.expectThrows(
                        IllegalArgumentException.class, () -> Optimizer.named(name, options));
        Assert.assertTrue(e.getMessage().contains(part), e.getMessage());
        Assert.assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    public void shouldRefuseEntropySgdWithSeveralReplicas() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class, () -> Replicas.run(2, replica -> entropy(replica)));
        Assert.assertTrue(e.getMessage().contains("use parle for several"), e.getMessage());
    }

    private static void entropy(Replica replica) {
        ReplicaOptimizer optimizer =
                Optimizer.entropySgd().setLearningRateTracker(Tracker.fixed(0.1f)).build();
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer = replica.newTrainer(model, Networks.config(optimizer))) {
            trainer.initialize(Networks.INPUT);
            trainer.forward(new NDList(trainer.getManager().zeros(Networks.INPUT)));
        }
    }

    /** Once per step with the step's number, never once per parameter or device. */
    @Test
    public void shouldAskTheTrackerOncePerStep() throws Exception {
        for (String name : Optimizer.providers().keySet()) {
            List<Integer> asked = new ArrayList<>();
            Tracker tracker =
                    k -> {
                        asked.add(k);
                        return 0.01f;
                    };
            Map<String, Object> options = new HashMap<>();
            options.put("learningRate", tracker);
            ReplicaOptimizer optimizer = Optimizer.named(name, options);
            try (Model model = Networks.model(Networks.quiet());
                    Trainer trainer =
                            model.newTrainer(
                                    Networks.config(optimizer).addTrainingListeners(optimizer))) {
                trainer.initialize(Networks.INPUT);
                EasyTrain.fit(trainer, 1, Networks.digits(Dataset.Usage.TRAIN, 128), null);
            }
            Assert.assertEquals(asked, List.of(1, 2, 3, 4), name);
        }
    }
}
