package org.parle.djl.examples.command;

import ai.djl.engine.Engine;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import org.parle.djl.Optimizer;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.Replicas;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.examples.dataset.DataSets;
import org.parle.djl.examples.option.FineTuneOptions;
import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.examples.run.FineTuning;
import org.parle.djl.option.Options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code parle fine-tune}: a model from a zoo, with a new head, trained with coupled replicas. */
@Command(
        name = "fine-tune",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Puts a new head on a model from a zoo, and trains both.")
public final class FineTuneCommand implements Callable<Integer> {

    private static final String INNER = "inner";

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private FineTuneOptions options;

    @Override
    public Integer call() throws IOException, TranslateException {
        options.check();
        Map<String, Object> given = given();
        newOptimizer(given).build();
        OptimizerProvider provider = Optimizer.providers().get(options.optimizer);
        provider.check(Options.of(provider.name(), provider.options(), given), options.replicas);
        Engine.getInstance().setRandomSeed(options.seed);
        if (options.output != null) {
            Files.createDirectories(options.output);
        }
        PrintWriter out = spec.commandLine().getOut();
        try (DataSets sets = new DataSets()) {
            RandomAccessDataset train = load(sets, Usage.TRAIN, options.trainSize);
            RandomAccessDataset test = load(sets, Usage.TEST, options.testSize);
            Replicas.builder()
                    .optSeed(options.seed)
                    .build(options.replicas)
                    .run(new FineTuning(options, () -> newOptimizer(given), train, test, out));
        }
        return 0;
    }

    /** Returns the optimizer's options: AdamW inside, where it has a choice and none was made. */
    private Map<String, Object> given() {
        Map<String, Object> given =
                new LinkedHashMap<>(
                        OptimizerOptions.given(
                                spec.commandLine().getParseResult(), options.optimizer));
        OptimizerProvider provider = Optimizer.providers().get(options.optimizer);
        if (provider != null
                && provider.options().stream().anyMatch(option -> option.name().equals(INNER))) {
            given.putIfAbsent(INNER, "adamw");
        }
        return given;
    }

    private ReplicaOptimizer.Builder newOptimizer(Map<String, Object> given) {
        ReplicaOptimizer.Builder builder = Optimizer.named(options.optimizer);
        given.forEach(builder::opt);
        return builder.opt("learningRate", options.learningRate);
    }

    private RandomAccessDataset load(DataSets sets, Usage usage, int most)
            throws IOException, TranslateException {
        return sets.load(options.dataset, options.dataDir, usage, options.batchSize, most);
    }
}
