package org.parle.djl.examples;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code parle fine-tune} may be told, besides the options of the optimizers. */
final class FineTuneOptions {

    @Option(
            names = "--model",
            required = true,
            paramLabel = "URL",
            description =
                    "the model to begin with, as DJL's Criteria takes it: djl://ai.djl.pytorch/..."
                            + " from DJL's zoo, or file:// and a folder")
    String model;

    @Option(
            names = "--block",
            defaultValue = "torchscript",
            description =
                    "what the model is made of: torchscript, or lenet as parle train --output saves"
                            + " it")
    String block;

    @Option(
            names = "--channels",
            defaultValue = "1",
            paramLabel = "N",
            description = "channels that the model takes; a grey image is repeated")
    int channels;

    @Option(
            names = "--side",
            defaultValue = "28",
            paramLabel = "N",
            description = "pixels that the model takes, a multiple of 28")
    int side;

    @Option(
            names = "--dataset",
            defaultValue = "digits",
            description = "digits (drawn by this program), mnist or fashion-mnist")
    String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "folder with the set's files in DJL's layout; without it DJL fetches them")
    Path dataDir;

    @Option(names = "--replicas", defaultValue = "3", description = "how many replicas")
    int replicas;

    @Option(names = "--epochs", defaultValue = "3", description = "passes over a replica's data")
    int epochs;

    @Option(
            names = "--frozen-epochs",
            defaultValue = "1",
            paramLabel = "N",
            description = "of them, those in which only the new head is trained")
    int frozenEpochs;

    @Option(
            names = "--batch-size",
            defaultValue = "32",
            paramLabel = "N",
            description = "items in a mini-batch")
    int batchSize;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.001",
            paramLabel = "X",
            description = "η, constant")
    double learningRate;

    @Option(
            names = "--train-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, 0 for all")
    int trainSize;

    @Option(
            names = "--test-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, 0 for all")
    int testSize;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    int seed;

    @Option(names = "--output", paramLabel = "DIR", description = "folder to save the model to")
    Path output;

    @Option(names = "--optimizer", defaultValue = "parle", description = "see parle optimizers")
    String optimizer;

    @Option(names = "--stacktrace", description = "show where an error came from")
    boolean stacktrace;

    /** Refuses what can be refused before anything is loaded. */
    void check() {
        TrainOptions.oneOf("--block", block, "torchscript", "lenet");
        TrainOptions.oneOf("--dataset", dataset, "digits", "mnist", "fashion-mnist");
        TrainOptions.atLeast("--channels", channels, 1);
        if (side < 28 || side % 28 != 0) {
            throw new IllegalArgumentException("--side must be 28, 56, 84, ..., not " + side);
        }
        TrainOptions.atLeast("--replicas", replicas, 1);
        TrainOptions.atLeast("--epochs", epochs, 1);
        TrainOptions.atLeast("--frozen-epochs", frozenEpochs, 0);
        TrainOptions.atLeast("--batch-size", batchSize, 1);
        TrainOptions.atLeast("--train-size", trainSize, 0);
        TrainOptions.atLeast("--test-size", testSize, 0);
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException("--output must be a folder: " + output);
        }
    }
}
