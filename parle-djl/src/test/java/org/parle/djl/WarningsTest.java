package org.parle.djl;

import ai.djl.ndarray.types.Shape;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.List;
import java.util.Map;

/** Options that are allowed and yet go wrong are warned of; the defaults are not. */
public class WarningsTest {

    private static final Layout LENET =
            new Layout(List.of("a", "b"), List.of(new Shape(120, 400), new Shape(120)));

    @DataProvider
    public Object[][] dangers() {
        return new Object[][] {
            {
                "choco-sgd",
                Map.of("compressor", "top-k", "keep", 0.01, "consensusStep", 0.25),
                "consensusStep=0.2500 may diverge with compressor top-k: no more than 0.05000"
            },
            {"choco-sgd", Map.of("consensusStep", 1), "no more than 0.5625"},
            {
                "choco-sgd",
                Map.of("compressor", "random-k", "consensusStep", 0.04),
                "no more than 0.01500"
            },
            {"choco-sgd", Map.of("compressor", "random-k", "biased", false), "may err by more"},
            {"deep-squeeze", Map.of("consensusStep", 0.45), "no more than 0.2000"},
            {"dcd-sgd", Map.of("bits", 4), "dcd-sgd diverges on large tensors with bits=4"},
            {"ecd-sgd", Map.of("bits", 4), "ecd-sgd diverges on large tensors with bits=4"},
            {"ecd-sgd", Map.of("biased", true), "wrong point with a biased compressor, as qsgd"},
            {"ecd-sgd", Map.of("compressor", "sign"), "wrong point with a biased compressor"},
            {"ecd-sgd", Map.of("compressor", "top-k"), "as top-k is"},
            {"parle", Map.of("compressor", "qsgd", "biased", false), "may err by more"},
        };
    }

    @Test(dataProvider = "dangers")
    public void shouldWarnOnce(String name, Map<String, ?> options, String part) {
        List<String> warnings = warnings(name, options);
        long matching = warnings.stream().filter(line -> line.contains(part)).count();
        Assert.assertEquals(matching, 1, warnings.toString());
        Assert.assertFalse(warnings.toString().contains("\n"));
    }

    @DataProvider
    public Object[][] harmless() {
        return new Object[][] {
            {"choco-sgd", Map.of("compressor", "top-k", "consensusStep", 0.04)},
            {"choco-sgd", Map.of("compressor", "qsgd")},
            {"choco-sgd", Map.of("compressor", "none", "consensusStep", 1)},
            {"deep-squeeze", Map.of("compressor", "qsgd")},
            {"ecd-sgd", Map.of("compressor", "random-k", "keep", 0.5)},
            {"ecd-sgd", Map.of("compressor", "none")},
            {"elastic-sgd", Map.of("compressor", "top-k")},
        };
    }

    @Test(dataProvider = "harmless")
    public void shouldNotWarnWithoutNeed(String name, Map<String, ?> options) {
        Assert.assertEquals(warnings(name, options), List.of());
    }

    @Test
    public void shouldNotWarnOfDefaults() {
        for (String name : Optimizer.providers().keySet()) {
            Assert.assertEquals(warnings(name, Map.of()), List.of(), name);
        }
    }

    private static List<String> warnings(String name, Map<String, ?> given) {
        OptimizerProvider provider = Optimizer.providers().get(name);
        return provider.warnings(Options.of(name, provider.options(), given), LENET);
    }
}
