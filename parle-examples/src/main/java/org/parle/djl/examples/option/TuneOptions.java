package org.parle.djl.examples.option;

import picocli.CommandLine.Option;

import org.parle.djl.data.Sharding;

import java.nio.file.Path;

/** What {@code parle tune-consensus} may be told, besides the options of the optimizers. */
public final class TuneOptions {

    @Option(
            names = "--optimizer",
            defaultValue = "choco-sgd",
            description = "choco-sgd or deep-squeeze")
    public String optimizer;

    @Option(
            names = "--grid",
            split = ",",
            defaultValue = "0.01,0.02,0.04,0.1,0.2,0.45,1",
            paramLabel = "X",
            description = "the steps that are tried")
    public double[] grid;

    @Option(
            names = "--steps",
            defaultValue = "200",
            paramLabel = "N",
            description = "gradient steps of each replica, for each step tried")
    public int steps;

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

    @Option(names = "--replicas", defaultValue = "4", description = "how many replicas")
    public int replicas;

    @Option(
            names = "--batch-size",
            defaultValue = "32",
            paramLabel = "N",
            description = "items in a mini-batch")
    public int batchSize;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.05",
            paramLabel = "X",
            description = "η, constant")
    public double learningRate;

    @Option(
            names = "--shard",
            defaultValue = "disjoint",
            description =
                    "a replica's data: full, disjoint, reshuffled, fraction=F, dirichlet=A, sorted")
    public String shard;

    @Option(
            names = "--test-size",
            defaultValue = "500",
            paramLabel = "N",
            description = "items on which replicas are compared")
    public int testSize;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    public int seed;

    @Option(names = "--stacktrace", description = "show where an error came from")
    boolean stacktrace;

    /** Refuses what can be refused before anything is loaded. */
    public void check() {
        for (double step : grid) {
            if (!(step > 0) || Double.isInfinite(step)) {
                throw new IllegalArgumentException("--grid must be above 0, not " + step);
            }
        }
        Checks.oneOf("--dataset", dataset, "digits", "mnist", "fashion-mnist");
        Checks.atLeast("--steps", steps, 1);
        Checks.atLeast("--replicas", replicas, 2);
        Checks.atLeast("--batch-size", batchSize, 1);
        Checks.atLeast("--test-size", testSize, 1);
        Sharding.parse(shard);
    }
}
