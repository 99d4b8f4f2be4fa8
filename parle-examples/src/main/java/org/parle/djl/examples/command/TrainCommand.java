package org.parle.djl.examples.command;

import ai.djl.Device;
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
import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.examples.option.TrainOptions;
import org.parle.djl.examples.run.Capacity;
import org.parle.djl.examples.run.Report;
import org.parle.djl.examples.run.Training;
import org.parle.djl.option.Options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code parle train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Trains a network with coupled replicas, and ends with one single model.")
public final class TrainCommand implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private TrainOptions options;

    /**
     * Refuses what can be refused before anything is loaded.
     *
     * @return the optimizer's options
     */
    Map<String, Object> check() throws IOException {
        if (options.replicas == null) {
            int processes = Replicas.processes();
            options.replicas = processes > 1 ? processes : TrainOptions.REPLICAS;
        }
        options.check();
        // first: the other checks may be of a graph with as many nodes
        Capacity.require(options, options.replicas / Replicas.processes());
        Map<String, Object> given =
                OptimizerOptions.given(spec.commandLine().getParseResult(), options.optimizer);
        checkOptimizer(given);
        return given;
    }

    TrainOptions options() {
        return options;
    }

    @Override
    public Integer call() throws IOException, TranslateException {
        long begin = System.nanoTime();
        Map<String, Object> given = check();
        Engine.getInstance().setRandomSeed(options.seed);
        Replicas replicas = replicas();
        makeFolders();
        PrintWriter out = spec.commandLine().getOut();
        // a comparison has many runs in one process
        try (DataSets sets = new DataSets(speaks() ? out::println : line -> {})) {
            return train(replicas, sets, given, begin);
        }
    }

    private int train(Replicas replicas, DataSets sets, Map<String, Object> given, long begin)
            throws IOException, TranslateException {
        RandomAccessDataset train = options.data.load(sets, Usage.TRAIN, options.batchSize);
        RandomAccessDataset test = options.data.load(sets, Usage.TEST, options.batchSize);
        Training training =
                new Training(
                        options,
                        () -> newOptimizer(given),
                        spec.commandLine().getParseResult().originalArgs(),
                        train,
                        test,
                        spec.commandLine().getOut());
        Interrupts interrupts =
                Interrupts.watch(Replicas.processes() > 1, speaks(), replicas::stop);
        Report report = training.run(replicas);
        if (training.isStopped()) {
            return interrupts.code();
        }
        if (report == null) {
            return 0;
        }
        double wall = (System.nanoTime() - begin) / 1e9;
        report.print(spec.commandLine().getOut(), options, given, wall);
        if (options.result != null) {
            report.append(options, given, wall);
        }
        return 0;
    }

    /** Of what each process of a job is told, one says so. */
    private static boolean speaks() {
        String rank = System.getenv("OMPI_COMM_WORLD_RANK");
        return rank == null || "0".equals(rank);
    }

    /** Builds this run's optimizer; one for each trainer. */
    private ReplicaOptimizer.Builder newOptimizer(Map<String, Object> given) {
        ReplicaOptimizer.Builder builder = Optimizer.named(options.optimizer);
        given.forEach(builder::opt);
        return builder.opt("learningRate", options.rate.learningRate)
                .optBatchNormBatches(options.batchNormBatches);
    }

    /** Refuses now what the trainers would refuse before their first step. */
    private void checkOptimizer(Map<String, Object> given) {
        OptimizerProvider provider = Optimizer.providers().get(options.optimizer);
        if (provider != null) {
            options.rate.choose(provider, given);
        }
        newOptimizer(given).build();
        Options checked = Options.of(provider.name(), provider.options(), given);
        provider.check(checked, options.replicas);
        options.rate.scaleUp(provider, checked, options.replicas, options.batchSize);
    }

    private Replicas replicas() {
        Replicas.Builder builder =
                Replicas.builder()
                        .optSeed(options.seed)
                        .optTimeout(Duration.ofSeconds(options.timeout));
        if (options.workers != null) {
            builder.optWorkers(options.workers);
        }
        if (options.devices != null) {
            builder.optDevices(
                    Arrays.stream(options.devices)
                            .map(TrainCommand::device)
                            .toArray(Device[]::new));
        }
        return builder.build(options.replicas);
    }

    /** Makes what is missing, so that a run does not fail at its end. */
    private void makeFolders() {
        Path resultFolder =
                options.result == null ? null : options.result.toAbsolutePath().getParent();
        for (Path folder :
                new Path[] {
                    options.output, options.log, resultFolder, options.checkpoints.folder
                }) {
            if (folder != null) {
                OutputFolder.make(folder);
            }
        }
    }

    private static Device device(String name) {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        try {
            int gpus = Engine.getInstance().getGpuCount();
            int id = Integer.parseInt(name);
            if (id < 0 || id >= gpus) {
                throw new IllegalArgumentException(
                        "--devices: GPU " + id + " does not exist, this machine has " + gpus);
            }
            return Device.gpu(id);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--devices must be cpu, or GPU numbers as in 0,0,1,1, not " + name, e);
        }
    }
}
