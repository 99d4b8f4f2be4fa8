package org.parle.djl.examples.command;

import ai.djl.TrainingDivergedException;
import ai.djl.engine.Engine;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import org.parle.djl.Optimizer;
import org.parle.djl.ReplicaException;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.examples.dataset.DataSets;
import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.examples.option.TuneOptions;
import org.parle.djl.examples.run.Trial;
import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * {@code parle tune-consensus}: a few hundred steps with each of some consensus steps, all from the
 * same weights and with the same batches. The best leaves the replicas' own weights with the least
 * loss on data that all share: what strays from the others loses there, and so does what is held
 * back.
 */
@Command(
        name = "tune-consensus",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Finds a good --consensus-step for a compressor and a graph.")
public final class TuneCommand implements Callable<Integer> {

    public static final String STEP = "consensusStep";

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private TuneOptions options;

    @Override
    public Integer call() throws IOException, TranslateException {
        options.check();
        Map<String, Object> given =
                OptimizerOptions.given(spec.commandLine().getParseResult(), options.optimizer);
        check(given);
        try (DataSets sets = new DataSets()) {
            return tune(
                    given, load(sets, Usage.TRAIN, 0), load(sets, Usage.TEST, options.testSize));
        }
    }

    private RandomAccessDataset load(DataSets sets, Usage usage, int most)
            throws IOException, TranslateException {
        return sets.load(options.dataset, options.dataDir, usage, options.batchSize, most);
    }

    private int tune(
            Map<String, Object> given, RandomAccessDataset train, RandomAccessDataset test) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-10s%-12s%-14s%-14s%s%n", "step", "loss", "replicas", "average", "consensus");
        double best = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        for (double step : Arrays.stream(options.grid).sorted().distinct().toArray()) {
            Trial trial = trial(step, given, train, test);
            out.printf("%-10s%s%n", step, trial == null ? "diverged" : trial.row());
            out.flush();
            if (trial != null && trial.loss() < least) {
                least = trial.loss();
                best = step;
            }
        }
        if (Double.isNaN(best)) {
            throw new IllegalStateException(
                    "all diverged: try a smaller --learning-rate, or smaller steps in --grid");
        }
        out.printf("best: --consensus-step %s%n", best);
        out.flush();
        return 0;
    }

    /** Says whether an optimizer has what is looked for. */
    public static boolean tunes(OptimizerProvider provider) {
        return provider.options().stream().map(Option::name).anyMatch(STEP::equals);
    }

    private void check(Map<String, Object> given) {
        newOptimizer(options.grid[0], Map.of()).build();
        OptimizerProvider provider = Optimizer.providers().get(options.optimizer);
        if (given.containsKey(STEP)) {
            throw new IllegalArgumentException(
                    "tune-consensus looks for consensusStep: give --grid the steps to try");
        }
        Options checked = Options.of(provider.name(), provider.options(), given);
        provider.check(checked, options.replicas);
    }

    private ReplicaOptimizer.Builder newOptimizer(double step, Map<String, Object> given) {
        ReplicaOptimizer.Builder builder = Optimizer.named(options.optimizer);
        OptimizerProvider provider = Optimizer.providers().get(options.optimizer);
        if (!tunes(provider)) {
            throw new IllegalArgumentException(
                    options.optimizer
                            + " has no consensusStep; tune-consensus is for choco-sgd and"
                            + " deep-squeeze");
        }
        given.forEach(builder::opt);
        return builder.opt(STEP, step).opt("learningRate", options.learningRate);
    }

    /** Returns what came of one step, null where it diverged. */
    private Trial trial(
            double step,
            Map<String, Object> given,
            RandomAccessDataset train,
            RandomAccessDataset test) {
        Engine.getInstance().setRandomSeed(options.seed);
        Map<String, Object> all = new LinkedHashMap<>(given);
        try {
            Trial trial = Trial.run(options, () -> newOptimizer(step, all), train, test);
            return Double.isFinite(trial.loss()) ? trial : null;
        } catch (ReplicaException e) {
            if (e.getCause() instanceof TrainingDivergedException) {
                return null;
            }
            throw e;
        }
    }
}
