package org.parle.djl.examples.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.parle.djl.examples.network.Models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code parle train} may be told, besides the options of the optimizers. */
public final class TrainOptions {

    public static final int REPLICAS = 3;

    @Mixin public DataOptions data;

    @Option(
            names = "--model",
            defaultValue = "lenet",
            description =
                    "lenet, lenet5 (smaller, without batch norm and dropout), mlp, all-cnn,"
                            + " resnet-20, densenet-100-12, or a Wide ResNet: wrn-16-4, wrn-28-10,"
                            + " wrn-DEPTH-WIDTH")
    public String model;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "how many replicas (default: 3; in an MPI job one for each process)")
    public Integer replicas;

    @Option(
            names = "--devices",
            split = ",",
            paramLabel = "D",
            description =
                    "dealt out in turn: cpu, or GPUs as in 0,0,1,1 (default: all GPUs, or cpu)")
    public String[] devices;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "replicas that compute at once (default: cores)")
    public Integer workers;

    @Option(names = "--epochs", defaultValue = "3", description = "passes over a replica's data")
    public int epochs;

    @Option(
            names = "--max-steps",
            defaultValue = "0",
            paramLabel = "N",
            description = "stop after so many steps of each replica, 0 for none but --epochs")
    public int maxSteps;

    @Option(
            names = "--batch-size",
            defaultValue = "128",
            paramLabel = "N",
            description = "items in a mini-batch")
    public int batchSize;

    @Mixin public RateOptions rate;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    public int seed;

    @Option(
            names = "--batch-norm-batches",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "batches that each replica re-estimates batch-norm statistics on; 0 averages"
                            + " the replicas'")
    public int batchNormBatches;

    @Option(
            names = "--timeout",
            defaultValue = "1800",
            paramLabel = "SECONDS",
            description = "how long a replica waits for others at the most")
    public int timeout;

    @Option(names = "--output", paramLabel = "DIR", description = "folder to save the model to")
    public Path output;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description = "file to append settings and results to, as one line of JSON")
    public Path result;

    @Option(
            names = "--log",
            paramLabel = "DIR",
            description =
                    "folder to log to: run.jsonl, epoch.csv, sync.csv, and events for TensorBoard")
    public Path log;

    @Option(
            names = "--max-seconds",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "stop at the end of the epoch in which so many seconds of training are over, 0"
                            + " for none but --epochs")
    public int maxSeconds;

    @Mixin public CheckpointOptions checkpoints;

    @Option(names = "--stacktrace", description = "show where an error came from")
    boolean stacktrace;

    @Option(names = "--optimizer", defaultValue = "parle", description = "see parle optimizers")
    public String optimizer;

    /** Returns what all ranks must be given alike, besides what replicas compare themselves. */
    public Map<String, Object> common() {
        Map<String, Object> common = new LinkedHashMap<>();
        common.put("--model", model);
        common.put("--schedule", rate.schedule);
        common.put("--epochs", epochs);
        common.put("--max-steps", maxSteps);
        common.put("--max-seconds", maxSeconds);
        common.put("--test-size", data.testSize);
        common.put("--resume", checkpoints.resume);
        common.put("--from-reference", checkpoints.fromReference);
        return common;
    }

    /** Returns over how many epochs the learning rate's schedule is laid out. */
    public int horizon() {
        return rate.horizon != null ? rate.horizon : Horizon.of(checkpoints.resume).orElse(epochs);
    }

    /** Returns what a run that is resumed must have in common with the one that began. */
    public Map<String, String> identity() throws IOException {
        Map<String, String> all = data.identity();
        // older checkpoints do not say; their schedules were laid out over --epochs
        boolean told = checkpoints.begins() || Horizon.of(checkpoints.resume).isPresent();
        if (rate.schedule.equals("cosine") && told) {
            all.put(Horizon.SETTING, String.valueOf(horizon()));
        }
        return all;
    }

    /** Refuses what can be refused before anything is loaded. */
    public void check() throws IOException {
        Models.check(model);
        data.check(model);
        Checks.atLeast("--replicas", replicas, 1);
        if (workers != null) {
            Checks.atLeast("--workers", workers, 1);
        }
        Checks.atLeast("--epochs", epochs, 1);
        Checks.atLeast("--max-steps", maxSteps, 0);
        Checks.atLeast("--max-seconds", maxSeconds, 0);
        Checks.atLeast("--batch-size", batchSize, 1);
        Checks.atLeast("--horizon", rate.horizon == null ? 1 : rate.horizon, 1);
        if (rate.horizon != null && !rate.schedule.equals("cosine")) {
            throw new IllegalArgumentException("--horizon is for --schedule cosine");
        }
        rate.check();
        checkpoints.check();
        Checks.atLeast("--batch-norm-batches", batchNormBatches, 0);
        Checks.atLeast("--timeout", timeout, 1);
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException("--output must be a folder: " + output);
        }
        if (log != null && Files.exists(log) && !Files.isDirectory(log)) {
            throw new IllegalArgumentException("--log must be a folder: " + log);
        }
        if (result != null && Files.isDirectory(result)) {
            throw new IllegalArgumentException("--result must be a file: " + result);
        }
    }
}
