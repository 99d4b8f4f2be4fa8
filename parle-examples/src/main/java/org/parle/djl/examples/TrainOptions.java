package org.parle.djl.examples;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What {@code parle train} may be told, besides the options of the optimizers. */
final class TrainOptions {

    static final int REPLICAS = 3;

    @Mixin DataOptions data;

    @Option(
            names = "--model",
            defaultValue = "lenet",
            description =
                    "lenet, lenet5 (smaller, without batch norm and dropout), mlp, all-cnn,"
                            + " resnet-20, densenet-100-12, or a Wide ResNet: wrn-16-4, wrn-28-10,"
                            + " wrn-DEPTH-WIDTH")
    String model;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "how many replicas (default: 3; in an MPI job one for each process)")
    Integer replicas;

    @Option(
            names = "--devices",
            split = ",",
            paramLabel = "D",
            description =
                    "dealt out in turn: cpu, or GPUs as in 0,0,1,1 (default: all GPUs, or cpu)")
    String[] devices;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "replicas that compute at once (default: cores)")
    Integer workers;

    @Option(names = "--epochs", defaultValue = "3", description = "passes over a replica's data")
    int epochs;

    @Option(
            names = "--max-steps",
            defaultValue = "0",
            paramLabel = "N",
            description = "stop after so many steps of each replica, 0 for none but --epochs")
    int maxSteps;

    @Option(
            names = "--batch-size",
            defaultValue = "128",
            paramLabel = "N",
            description = "items in a mini-batch")
    int batchSize;

    @Mixin RateOptions rate;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    int seed;

    @Option(
            names = "--batch-norm-batches",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "batches that each replica re-estimates batch-norm statistics on; 0 averages"
                            + " the replicas'")
    int batchNormBatches;

    @Option(
            names = "--timeout",
            defaultValue = "1800",
            paramLabel = "SECONDS",
            description = "how long a replica waits for others at the most")
    int timeout;

    @Option(names = "--output", paramLabel = "DIR", description = "folder to save the model to")
    Path output;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description = "file to append settings and results to, as one line of JSON")
    Path result;

    @Option(
            names = "--log",
            paramLabel = "DIR",
            description =
                    "folder to log to: run.jsonl, epoch.csv, sync.csv, and events for TensorBoard")
    Path log;

    @Option(
            names = "--max-seconds",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "stop at the end of the epoch in which so many seconds of training are over, 0"
                            + " for none but --epochs")
    int maxSeconds;

    @Mixin CheckpointOptions checkpoints;

    @Option(names = "--stacktrace", description = "show where an error came from")
    boolean stacktrace;

    @Option(names = "--optimizer", defaultValue = "parle", description = "see parle optimizers")
    String optimizer;

    /** Refuses what can be refused before anything is loaded. */
    void check() throws IOException {
        Models.check(model);
        data.check(model);
        atLeast("--replicas", replicas, 1);
        if (workers != null) {
            atLeast("--workers", workers, 1);
        }
        atLeast("--epochs", epochs, 1);
        atLeast("--max-steps", maxSteps, 0);
        atLeast("--max-seconds", maxSeconds, 0);
        atLeast("--batch-size", batchSize, 1);
        rate.check();
        checkpoints.check();
        atLeast("--batch-norm-batches", batchNormBatches, 0);
        atLeast("--timeout", timeout, 1);
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException("--output must be a folder: " + output);
        }
        if (log != null && Files.exists(log) && !Files.isDirectory(log)) {
            throw new IllegalArgumentException("--log must be a folder: " + log);
        }
        if (log != null && checkpoints.resume != null && LoggedRun.isIn(log)) {
            throw new IllegalArgumentException(
                    "--log has a log already, and --resume would replace it: take another folder");
        }
        if (result != null && Files.isDirectory(result)) {
            throw new IllegalArgumentException("--result must be a file: " + result);
        }
    }

    static void oneOf(String flag, String given, String... known) {
        if (!Arrays.asList(known).contains(given)) {
            throw new IllegalArgumentException(
                    flag + " must be " + String.join(", ", known) + ", not " + given);
        }
    }

    static void atLeast(String flag, int given, int least) {
        if (given < least) {
            throw new IllegalArgumentException(
                    flag + " must be at least " + least + ", not " + given);
        }
    }
}
