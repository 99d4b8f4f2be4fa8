package org.parle.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.Context;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.algorithm.State;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.LocalGroup;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Options;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Layout;
import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Steps of a vector that is computed with in pieces, and of a short one, which is not, with the
 * same entries: the last of a matrix and the first of a bias, all of whose bits must be the same
 * where there is no root.
 */
public class LocalStepTest {

    private static final int MATRIX = 1_500_500;
    private static final int BIAS = 2_011;
    private static final int SHARED = 1_009;
    private static final int STEPS = 5;

    private NDManager manager;
    private int threads;

    @BeforeMethod
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        threads = JniUtils.getNumThreads();
        JniUtils.setNumThreads(1);
    }

    @AfterMethod
    public void close() {
        JniUtils.setNumThreads(threads);
        manager.close();
    }

    @DataProvider
    public Object[][] optimizers() {
        Map<String, Object> parle = Map.of("updatesPerEpoch", 10, "syncEvery", 2);
        Map<String, Object> outer = Map.of("syncEvery", 2);
        return new Object[][] {
            {"sgd", Map.of()},
            {"sgd", Map.of("momentum", 0)},
            {"sgd", Map.of("clipNorm", 0.3)},
            {"elastic-sgd", Map.of()},
            {"elastic-sgd", Map.of("inner", "adamw")},
            {"parle", parle},
            {"parle", with(parle, "inner", "adamw")},
            {"parle", with(parle, "alpha", 0.75, "coupling", "proximal")},
            {"parle", with(parle, "gamma", 0, "coupling", "momentum")},
            {"entropy-sgd", parle},
            {"local-sgd", outer},
            {"local-sgd", with(outer, "inner", "adamw", "clipNorm", 0.3)},
            {"diloco", outer},
            {"decentralized-sgd", Map.of()},
        };
    }

    private static Map<String, Object> with(Map<String, Object> options, Object... more) {
        Map<String, Object> all = new HashMap<>(options);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    @Test(dataProvider = "optimizers")
    public void shouldGiveTheSameBitsInPieces(String name, Map<String, Object> options) {
        for (Map<String, Object> decay :
                List.of(
                        Map.<String, Object>of(),
                        Map.<String, Object>of("weightDecays", 0.01),
                        Map.<String, Object>of("weightDecays", 0.01, "decayBias", false))) {
            Map<String, Object> all = new HashMap<>(options);
            all.putAll(decay);
            Map<String, float[]> whole = train(name, all, SHARED, SHARED, false);
            Map<String, float[]> pieces = train(name, all, MATRIX, BIAS, false);
            Map<String, float[]> resumed = train(name, all, MATRIX, BIAS, true);
            Assert.assertEquals(pieces.keySet(), whole.keySet());
            // PyTorch rounds roots in its own way
            boolean roots = name.equals("diloco") || "adamw".equals(options.get("inner"));
            float delta = roots ? 1e-6f : 0;
            whole.forEach(
                    (vector, values) -> {
                        Assert.assertEquals(
                                pieces.get(vector), values, delta, vector + " with " + all);
                        Assert.assertEquals(
                                resumed.get(vector), pieces.get(vector), vector + " resumed");
                    });
        }
    }

    /** Returns all vectors' shared entries in the end. */
    private Map<String, float[]> train(
            String name, Map<String, Object> options, int matrix, int bias, boolean resume) {
        Layout layout =
                new Layout(List.of("w", "b"), List.of(new Shape(matrix, 1), new Shape(bias)));
        Map<String, float[]> end = new TreeMap<>();
        try (NDManager own = manager.newSubManager()) {
            Communicator alone = new LocalGroup(1, Duration.ofMinutes(5)).communicator(0);
            State state = new State(own.create(entries(0, matrix, bias)));
            Algorithm algorithm = algorithm(name, options, state, alone, layout);
            for (int k = 1; k <= STEPS; k++) {
                NDArray gradient = own.create(entries(k, matrix, bias));
                Algorithm now = algorithm;
                int arrays = own.getManagedArrays().size();
                GradientMode.off(() -> now.step(gradient, 0.1));
                Assert.assertEquals(own.getManagedArrays().size(), arrays, "arrays are left");
                gradient.close();
                if (resume && k == 3) {
                    state = GradientMode.off(() -> copy(now));
                    algorithm = algorithm(name, options, state, alone, layout);
                }
            }
            end.put("weights", shared(state.weights(), matrix));
            state.vectors().forEach((vector, array) -> end.put(vector, shared(array, matrix)));
        }
        return end;
    }

    private static Algorithm algorithm(
            String name,
            Map<String, Object> given,
            State state,
            Communicator alone,
            Layout layout) {
        for (OptimizerProvider provider : ServiceLoader.load(OptimizerProvider.class)) {
            if (provider.name().equals(name)) {
                Options options = Options.of(name, provider.options(), given);
                OptionalInt updates = OptionalInt.of(10);
                Context context =
                        new Context(state, alone, options, updates, layout, Draws.seeded(0));
                return GradientMode.off(() -> provider.create(context));
            }
        }
        throw new AssertionError(name);
    }

    /** As a checkpoint does: other vectors with the same values. */
    private static State copy(Algorithm algorithm) {
        algorithm.settle();
        State from = algorithm.state();
        State to = new State(from.weights().duplicate());
        from.vectors()
                .forEach(
                        (name, vector) -> {
                            NDArray own =
                                    from.isLikeWeights(name)
                                            ? to.likeWeights(name)
                                            : to.zeros(name);
                            vector.copyTo(own);
                        });
        from.counters().forEach(to::counter);
        from.close();
        return to;
    }

    /** Small multiples of 1/8, zero where not shared: their norm is exact, however it is summed. */
    private static float[] entries(int seed, int matrix, int bias) {
        Random random = new Random(seed);
        float[] entries = new float[matrix + bias];
        for (int i = matrix - SHARED; i < matrix + SHARED; i++) {
            entries[i] = (random.nextInt(17) - 8) / 8f;
        }
        return entries;
    }

    private static float[] shared(NDArray vector, int matrix) {
        return Arrays.copyOfRange(vector.toFloatArray(), matrix - SHARED, matrix + SHARED);
    }
}
