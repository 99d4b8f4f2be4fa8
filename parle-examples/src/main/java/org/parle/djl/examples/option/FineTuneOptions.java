package org.parle.djl.examples.option;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What {@code parle fine-tune} may be told, besides the options of the optimizers. */
public final class FineTuneOptions {

    @Option(
            names = "--model",
            required = true,
            paramLabel = "URL",
            description =
                    "the model to begin with, as DJL's Criteria takes it: djl://ai.djl.pytorch/..."
                            + " from DJL's zoo, or file:// and a folder")
    public String model;

    @Option(
            names = "--block",
            defaultValue = "torchscript",
            description =
                    "what the model is made of: torchscript, or lenet as parle train --output saves"
                            + " it")
    public String block;

    @Option(
            names = "--channels",
            defaultValue = "1",
            paramLabel = "N",
            description = "channels that the model takes; a grey image is repeated")
    public int channels;

    @Option(
            names = "--side",
            defaultValue = "28",
            paramLabel = "N",
            description = "pixels that the model takes, a multiple of 28")
    public int side;

    @Option(
            names = "--dataset",
            defaultValue = "digits",
            description = "digits (drawn by this program), mnist or fashion-mnist")
    public String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "folder with the set's files in DJL's layout; without it DJL fetches them")
    public Path dataDir;

    @Option(names = "--replicas", defaultValue = "3", description = "how many replicas")
    public int replicas;

    @Option(names = "--epochs", defaultValue = "3", description = "passes over a replica's data")
    public int epochs;

    @Option(
            names = "--frozen-epochs",
            defaultValue = "1",
            paramLabel = "N",
            description = "of them, those in which only the new head is trained")
    public int frozenEpochs;

    @Option(
            names = "--batch-size",
            defaultValue = "32",
            paramLabel = "N",
            description = "items in a mini-batch")
    public int batchSize;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.001",
            paramLabel = "X",
            description = "η, constant")
    public double learningRate;

    @Option(
            names = "--train-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, drawn at random and alike in all runs, 0 for all")
    public int trainSize;

    @Option(
            names = "--test-size",
            defaultValue = "0",
            paramLabel = "N",
            description = "items used, drawn in the same way, 0 for all")
    public int testSize;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    public int seed;

    @Option(names = "--output", paramLabel = "DIR", description = "folder to save the model to")
    public Path output;

    @Option(names = "--optimizer", defaultValue = "parle", description = "see parle optimizers")
    public String optimizer;

    @Option(names = "--stacktrace", description = "show where an error came from")
    boolean stacktrace;

    /** Returns what all ranks must be given alike, besides what replicas compare themselves. */
    public Map<String, Object> common() {
        return Map.of("--epochs", epochs, "--frozen-epochs", frozenEpochs, "--test-size", testSize);
    }

    /** Refuses what can be refused before anything is loaded. */
    public void check() {
        Checks.oneOf("--block", block, "torchscript", "lenet");
        Checks.oneOf("--dataset", dataset, "digits", "mnist", "fashion-mnist");
        Checks.atLeast("--channels", channels, 1);
        if (side < 28 || side % 28 != 0) {
            throw new IllegalArgumentException("--side must be 28, 56, 84, ..., not " + side);
        }
        Checks.atLeast("--replicas", replicas, 1);
        Checks.atLeast("--epochs", epochs, 1);
        Checks.atLeast("--frozen-epochs", frozenEpochs, 0);
        Checks.atLeast("--batch-size", batchSize, 1);
        Checks.atLeast("--train-size", trainSize, 0);
        Checks.atLeast("--test-size", testSize, 0);
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException("--output must be a folder: " + output);
        }
    }
}
