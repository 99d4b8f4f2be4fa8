package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;

import org.parle.djl.option.Options;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How long rounds are, what hides behind them, and that no step of theirs is lost. */
public class RoundsTest {

    private static final int STEPS = 7;

    @DataProvider
    public Object[][] refused() {
        return new Object[][] {
            {"parle", Map.of("syncDelay", 25), "syncDelay=25 is not below syncEvery=25"},
            {"local-sgd", Map.of("syncDelay", 3, "syncEvery", 3), "syncDelay=3 is not below"},
            {"diloco", Map.of("syncDelay", 100), "syncDelay=100 is not below syncEvery=100"},
            {"parle", Map.of("syncDelay", 1, "syncEvery", "auto"), "syncDelay needs a number"},
            {"parle", Map.of("syncGrowth", 1, "syncEvery", "auto"), "syncGrowth needs a number"},
            {"parle", Map.of("syncDelay", 1, "coupling", "proximal"), "belongs to the coupling"},
            {
                "parle",
                Map.of("syncDelay", 1, "coupling", "delayed-consensus"),
                "belongs to the coupling"
            },
            {"parle", Map.of("syncDelay", -1), "syncDelay"},
            {"parle", Map.of("localAfter", -1), "localAfter"},
            {"entropy-sgd", Map.of("syncDelay", 1), "syncDelay"},
            {"elastic-sgd", Map.of("syncGrowth", 1), "syncGrowth"},
        };
    }

    @Test(dataProvider = "refused")
    public void shouldRefuse(String name, Map<String, Object> given, String message) {
        var provider = Optimizer.providers().get(name);
        var e =
                Assert.expectThrows(
                        IllegalArgumentException.class,
                        () ->
                                provider.check(
                                        Options.of(name, provider.options(), given),
                                        name.equals("entropy-sgd") ? 1 : 3));
        Assert.assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static ReplicaOptimizer optimizer(String name, Map<String, Object> options) {
        Map<String, Object> all = new TreeMap<>(options);
        all.put("learningRate", 0.05);
        if (name.equals("parle")) {
            all.put("updatesPerEpoch", 5);
        }
        return Optimizer.named(name, all);
    }

    /** Two replicas take steps, and close; returns what each has in its model and as weights. */
    private static Map<String, float[]> train(String name, Map<String, Object> options, int steps) {
        Map<String, float[]> ends = new ConcurrentHashMap<>();
        Replicas.run(
                2,
                replica -> {
                    int a = replica.getRank();
                    try (Model model = PressedNetwork.model()) {
                        try (ReplicaTrainer trainer =
                                replica.newTrainer(
                                        model, PressedNetwork.config(optimizer(name, options)))) {
                            trainer.initialize(PressedNetwork.INPUT);
                            for (int step = 0; step < steps; step++) {
                                // each on data of its own
                                PressedNetwork.step(trainer, 1 + a);
                            }
                            ends.put("weights " + a, trainer.getWeights(0).toFloatArray());
                        }
                        ends.put("model " + a, values(model.getBlock()));
                    }
                });
        return ends;
    }

    private static float[] values(Block block) {
        NDList flat = new NDList();
        for (var parameter : block.getParameters().values()) {
            flat.add(parameter.getArray().flatten());
        }
        try (NDArray all = NDArrays.concat(flat)) {
            return all.toFloatArray();
        }
    }

    @DataProvider
    public Object[][] following() {
        return new Object[][] {
            {"parle", Map.of()},
            {"parle", Map.of("coupling", "delayed-consensus")},
            {"local-sgd", Map.of()},
            {"diloco", Map.of()},
            {"local-sgd", Map.of("compressor", "sign")},
        };
    }

    /** Fewer steps than a round has, more, and twice as many less one: all are in the model. */
    @Test(dataProvider = "following")
    public void shouldLeaveTheMeanOfTheWeightsInTheModel(String name, Map<String, Object> given) {
        Map<String, Object> options = new TreeMap<>(given);
        options.put("syncEvery", 5);
        for (int steps : new int[] {2, STEPS, 9}) {
            Map<String, float[]> ends = train(name, options, steps);
            float[] one = ends.get("weights 0");
            float[] other = ends.get("weights 1");
            Assert.assertNotEquals(one, other, steps + " steps");
            for (int i = 0; i < one.length; i++) {
                Assert.assertEquals(ends.get("model 0")[i], (one[i] + other[i]) / 2, 1e-6f);
            }
            Assert.assertEquals(ends.get("model 1"), ends.get("model 0"));
        }
    }

    @DataProvider
    public Object[][] others() {
        return new Object[][] {
            {"parle", Map.of("coupling", "proximal")}, {"parle", Map.of("coupling", "momentum")},
        };
    }

    /** These end with one synchronisation more, as if it were due. */
    @Test(dataProvider = "others")
    public void shouldSynchroniseOnceMoreAtTheEnd(String name, Map<String, Object> given) {
        Map<String, Object> options = new TreeMap<>(given);
        options.put("syncEvery", 5);
        float[] left = train(name, options, STEPS).get("model 0");
        float[] whole = train(name, options, 5).get("model 0");
        Assert.assertNotEquals(left, whole);
        // with rounds as long as what was left of the second
        float[] begun = train(name, options, 2).get("model 0");
        options.put("syncEvery", 2);
        Assert.assertEquals(begun, train(name, options, 2).get("model 0"));
    }

    /** What leaves the training has the correction that was under way, ahead of its step. */
    @Test
    public void shouldApplyAMeanInFlightToWhatIsFrozen() {
        Map<String, Object> options = Map.of("syncEvery", 3, "syncDelay", 2, "outerMomentum", 0.5);
        float[] closed = train("local-sgd", options, 4).get("model 0");
        Map<Integer, float[]> frozen = new ConcurrentHashMap<>();
        Replicas.run(
                2,
                replica -> {
                    int a = replica.getRank();
                    try (Model model = PressedNetwork.model();
                            Trainer trainer =
                                    replica.newTrainer(
                                            model,
                                            PressedNetwork.config(
                                                    optimizer("local-sgd", options)))) {
                        trainer.initialize(PressedNetwork.INPUT);
                        for (int step = 1; step <= 5; step++) {
                            PressedNetwork.step(trainer, 1 + a);
                            if (step == 4) {
                                model.getBlock()
                                        .getChildren()
                                        .get(3)
                                        .getValue()
                                        .freezeParameters(true);
                            }
                        }
                        frozen.put(a, values(model.getBlock().getChildren().get(3).getValue()));
                    }
                });
        float[] last = frozen.get(0);
        int from = closed.length - last.length;
        Assert.assertEquals(last, Arrays.copyOfRange(closed, from, closed.length));
        Assert.assertEquals(frozen.get(1), last);
    }

    /** What is in flight when a replica fails is nobody's any more. */
    @Test
    public void shouldFailWithAMeanInFlight() {
        Map<String, Object> options = Map.of("syncEvery", 3, "syncDelay", 2);
        Managed before = Managed.now();
        var e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        3,
                                        replica -> {
                                            try (Model model = PressedNetwork.model();
                                                    Trainer trainer =
                                                            replica.newTrainer(
                                                                    model,
                                                                    PressedNetwork.config(
                                                                            optimizer(
                                                                                    "parle",
                                                                                    options)))) {
                                                trainer.initialize(PressedNetwork.INPUT);
                                                for (int step = 1; step <= 9; step++) {
                                                    PressedNetwork.step(trainer);
                                                    if (step == 4 && replica.getRank() == 1) {
                                                        throw new IllegalStateException("in it");
                                                    }
                                                }
                                            }
                                        }));
        Assert.assertTrue(e.getMessage().contains("in it"), e.getMessage());
        Assert.assertEquals(Managed.now(), before);
    }

    /** The settings say so, before anything is read. */
    @Test
    public void shouldRefuseToResumeWithAnotherDelay() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        ResumableRun run = new ResumableRun();
        run.replicas = 2;
        run.optimizer = () -> optimizer("local-sgd", Map.of("syncEvery", 3, "syncDelay", 2));
        run.trainAndLeave(folder, 4);
        run.optimizer = () -> optimizer("local-sgd", Map.of("syncEvery", 3, "syncDelay", 1));
        var e = Assert.expectThrows(ReplicaException.class, () -> run.resume(folder));
        Assert.assertTrue(e.getMessage().contains("syncDelay=2"), e.getMessage());
        Assert.assertTrue(e.getMessage().contains("syncDelay=1"), e.getMessage());
    }
}
