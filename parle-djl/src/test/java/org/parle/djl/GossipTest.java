package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.training.GradientCollector;
import ai.djl.training.dataset.Batch;

import org.parle.djl.topology.Topology;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Decentralised algorithms on more graphs than the fixture has, and with exchanges in flight. */
public class GossipTest {

    private static final int STEPS = 10;
    private static final double GAMMA = 0.3;
    private static final double TOLERANCE = 1e-4;

    @DataProvider
    public Object[][] cases() {
        List<Object[]> cases = new ArrayList<>();
        Map<String, Integer> graphs =
                Map.of("ring", 8, "torus", 6, "star", 5, "social", 32, "complete", 1);
        for (Map.Entry<String, Integer> graph : new TreeMap<>(graphs).entrySet()) {
            String topology = graph.getKey();
            int n = graph.getValue();
            for (String order : List.of("adapt-then-combine", "adapt-with-combine")) {
                cases.add(new Object[] {topology, n, order, "none"});
            }
            for (String algorithm : List.of("choco-sgd", "deep-squeeze", "dcd-sgd")) {
                for (String compressor : List.of("none", "sign", "top-k")) {
                    cases.add(new Object[] {topology, n, algorithm, compressor});
                }
            }
            cases.add(new Object[] {topology, n, "ecd-sgd", "none"});
        }
        return cases.toArray(Object[][]::new);
    }

    @Test(dataProvider = "cases")
    public void shouldFollowAPlainLoop(
            String topology, int n, String algorithm, String compressor) {
        Reference.Problem problem = problem(n);
        PlainGossip plain =
                new PlainGossip(problem, mixing(topology, n), compressor(compressor), GAMMA);
        for (int k = 1; k <= STEPS; k++) {
            plain.step(algorithm);
        }
        Map<Integer, float[]> found = run(problem, n, options(topology, algorithm, compressor), 0);
        for (int a = 0; a < n; a++) {
            assertNear(found.get(a), plain.weights()[a], "replica " + a);
            // the model that is left in the end
            assertNear(found.get(n + a), plain.mean(), "reference of " + a);
        }
    }

    /** Asking for the reference waits for what is in flight. */
    @Test(dataProvider = "cases")
    public void shouldGiveTheSameNumbersWhetherAnExchangeIsWaitedForOrNot(
            String topology, int n, String algorithm, String compressor) {
        Reference.Problem problem = problem(n);
        Map<String, Object> options = options(topology, algorithm, compressor);
        Map<Integer, float[]> beside = run(problem, n, options, 0);
        Map<Integer, float[]> waited = run(problem, n, options, 1);
        beside.forEach((key, values) -> Assert.assertEquals(waited.get(key), values));
    }

    /** 16 bits for each of 11 weights, from options that only that compressor has. */
    @Test
    public void shouldTrainWithAThirdPartysCompressor() {
        Map<String, Object> options = options("ring", "choco-sgd", "upper-halves");
        options.put("keep", "upper");
        options.put("loud", true);
        Replicas.run(
                3,
                replica -> {
                    Reference.Problem problem = problem(3);
                    try (Model model = LeastSquares.model(problem);
                            ReplicaTrainer trainer =
                                    replica.newTrainer(
                                            model, LeastSquares.config(optimizer(options)))) {
                        trainer.initialize(LeastSquares.shapes(problem));
                        train(trainer, problem, replica.getRank());
                        train(trainer, problem, replica.getRank());
                        Assert.assertEquals(trainer.getMessageBits(), 11 * 16);
                        Assert.assertEquals(trainer.getMessageBytes(), 2 * 22);
                    }
                });
    }

    @Test
    public void shouldTellHowFarReplicasAreApart() {
        Reference.Problem problem = problem(3);
        PlainGossip plain = new PlainGossip(problem, mixing("ring", 3), u -> u, GAMMA);
        plain.step("choco-sgd");
        double expected = 0;
        for (double[] x : plain.weights()) {
            double square = 0;
            for (int i = 0; i < x.length; i++) {
                square += Math.pow(x[i] - plain.mean()[i], 2);
            }
            expected += Math.sqrt(square) / 3;
        }
        double distance = expected;
        Replicas.run(
                3,
                replica -> {
                    try (Model model = LeastSquares.model(problem);
                            ReplicaTrainer trainer =
                                    replica.newTrainer(
                                            model,
                                            LeastSquares.config(
                                                    optimizer(
                                                            options(
                                                                    "ring",
                                                                    "choco-sgd",
                                                                    "none"))))) {
                        trainer.initialize(LeastSquares.shapes(problem));
                        Assert.assertEquals(trainer.getConsensusDistance(), 0, 1e-6);
                        train(trainer, problem, replica.getRank());
                        Assert.assertEquals(trainer.getConsensusDistance(), distance, TOLERANCE);
                    }
                });
    }

    private static Map<String, Object> options(
            String topology, String algorithm, String compressor) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("topology", topology);
        if (algorithm.startsWith("adapt")) {
            options.put("optimizer", "decentralized-sgd");
            options.put("order", algorithm);
        } else {
            options.put("optimizer", algorithm);
            options.put("compressor", compressor);
        }
        if (compressor.equals("top-k")) {
            options.put("keep", 0.5);
        }
        if (algorithm.equals("choco-sgd") || algorithm.equals("deep-squeeze")) {
            options.put("consensusStep", GAMMA);
        }
        return options;
    }

    /** Returns each replica's weights, and behind them each one's model. */
    private static Map<Integer, float[]> run(
            Reference.Problem problem, int n, Map<String, Object> options, int referenceEvery) {
        Map<Integer, float[]> found = new ConcurrentHashMap<>();
        Replicas.run(
                n,
                replica -> {
                    int a = replica.getRank();
                    try (Model model = LeastSquares.model(problem)) {
                        try (ReplicaTrainer trainer =
                                replica.newTrainer(
                                        model, LeastSquares.config(optimizer(options)))) {
                            trainer.initialize(LeastSquares.shapes(problem));
                            for (int k = 1; k <= STEPS; k++) {
                                train(trainer, problem, a);
                                if (referenceEvery > 0 && k % referenceEvery == 0) {
                                    trainer.getReference();
                                }
                            }
                            found.put(a, trainer.getWeights(0).toFloatArray());
                        }
                        found.put(n + a, LeastSquares.values(model));
                    }
                });
        return found;
    }

    private static ReplicaOptimizer optimizer(Map<String, Object> options) {
        ReplicaOptimizer.Builder builder = Optimizer.named((String) options.get("optimizer"));
        options.forEach(
                (name, value) -> {
                    if (!name.equals("optimizer")) {
                        builder.opt(name, value);
                    }
                });
        return builder.opt("learningRate", PlainGossip.RATE)
                .opt("momentum", PlainGossip.MOMENTUM)
                .opt("weightDecays", PlainGossip.DECAY)
                .build();
    }

    private static void train(ReplicaTrainer trainer, Reference.Problem problem, int a) {
        try (Batch batch = LeastSquares.batch(trainer.getManager(), problem, a)) {
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList residual = trainer.forward(batch.getData());
                collector.backward(trainer.getLoss().evaluate(batch.getLabels(), residual));
            }
            trainer.step();
        }
    }

    private static UnaryOperator<double[]> compressor(String name) {
        return switch (name) {
            case "sign" -> PlainGossip::sign;
            case "top-k" -> PlainGossip::topHalf;
            default -> u -> u;
        };
    }

    /** Metropolis and Hastings' weights, of the neighbours alone. */
    private static double[][] mixing(String name, int n) {
        Topology topology = Topology.named(name, n);
        double[][] mixing = new double[n][n];
        for (int i = 0; i < n; i++) {
            mixing[i][i] = 1;
            for (int j : topology.neighbours(i)) {
                int most = Math.max(topology.neighbours(i).length, topology.neighbours(j).length);
                mixing[i][j] = 1.0 / (1 + most);
                mixing[i][i] -= mixing[i][j];
            }
        }
        return mixing;
    }

    private static Reference.Problem problem(int n) {
        Random random = new Random(17);
        Reference.Problem problem = new Reference.Problem();
        problem.parameters = List.of(piece("a", 0, 3, 2), piece("b", 6, 5));
        problem.w0 = floats(random, 11);
        problem.A = new float[n][4][];
        problem.b = new float[n][];
        for (int a = 0; a < n; a++) {
            problem.b[a] = floats(random, 4);
            for (int row = 0; row < 4; row++) {
                problem.A[a][row] = floats(random, 11);
            }
        }
        return problem;
    }

    private static Reference.Piece piece(String name, int offset, long... shape) {
        Reference.Piece piece = new Reference.Piece();
        piece.name = name;
        piece.shape = shape;
        piece.offset = offset;
        piece.size = 1;
        for (long side : shape) {
            piece.size *= (int) side;
        }
        return piece;
    }

    private static float[] floats(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        return values;
    }

    private static void assertNear(float[] found, double[] expected, String what) {
        Assert.assertEquals(found.length, expected.length);
        for (int i = 0; i < expected.length; i++) {
            double tolerance = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            Assert.assertEquals(found[i], expected[i], tolerance, what + ", entry " + i);
        }
    }
}
