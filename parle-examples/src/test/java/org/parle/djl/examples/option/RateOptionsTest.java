package org.parle.djl.examples.option;

import ai.djl.training.tracker.Tracker;

import picocli.CommandLine;

import org.parle.djl.Optimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Options;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Map;

/** Rates as typed, step by step. */
public class RateOptionsTest {

    /** Four replicas with batches of 64, two epochs of three steps. */
    private static void follows(String typed, double... rates) {
        RateOptions options = new RateOptions();
        new CommandLine(options).parseArgs(typed.isEmpty() ? new String[0] : typed.split(" ", -1));
        options.check();
        OptimizerProvider provider = Optimizer.providers().get("parle");
        options.choose(provider, Map.of());
        Options given = Options.of("parle", provider.options(), Map.of());
        options.scaleUp(provider, given, 4, 64);
        Tracker tracker = options.tracker(3, 2);
        for (int k = 1; k <= rates.length; k++) {
            Assert.assertEquals(tracker.getNewValue(k), rates[k - 1], 1e-7, typed + ", step " + k);
        }
    }

    @Test
    public void shouldFollowTheSchedule() {
        follows("", 0.1, 0.1, 0.1, 0.01, 0.01, 0.01);
        follows("--learning-rate 1 --drop-at 1000000000,1,1", 1, 1, 1, 0.1, 0.1, 0.1);
        follows("--schedule constant", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
        follows("--schedule cosine --learning-rate 2", 2, 1.8660254, 1.5, 1, 0.5, 0.1339746);
    }

    @Test
    public void shouldBeginLowerWithAdamw() {
        Map<String, OptimizerProvider> providers = Optimizer.providers();
        Assert.assertEquals(DefaultRate.of(providers.get("diloco"), null), 0.001);
        Assert.assertEquals(DefaultRate.of(providers.get("diloco"), "sgd"), 0.1);
        Assert.assertEquals(DefaultRate.of(providers.get("parle"), "adamw"), 0.001);
        Assert.assertEquals(DefaultRate.of(providers.get("parle"), null), 0.1);
    }

    @Test
    public void shouldScaleUp() {
        follows("--base-batch-size 32", 0.2, 0.2, 0.2, 0.02);
        follows("--base-batch-size 32 --scale-up size", 0.8, 0.8, 0.8, 0.08);
        follows("--base-batch-size 16 --scale-up root-size", 0.4);
    }

    @Test
    public void shouldWarmUp() {
        follows("--warmup-steps 2", 0.05, 0.1, 0.1, 0.01);
        follows("--warmup-steps 2 --scale-up size", 0.25, 0.4, 0.4, 0.04);
        follows("--warmup-steps 2 --scale-up size --warmup-from 0.2", 0.3, 0.4);
    }
}
