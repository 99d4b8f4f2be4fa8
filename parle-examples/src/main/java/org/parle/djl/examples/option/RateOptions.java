package org.parle.djl.examples.option;

import ai.djl.training.tracker.Tracker;

import picocli.CommandLine.Option;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Counted;
import org.parle.djl.option.Nearest;
import org.parle.djl.option.Options;
import org.parle.djl.schedule.LearningRates;
import org.parle.djl.schedule.ScaleUp;
import org.parle.djl.topology.Topology;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code parle train} may be told of the learning rate. */
public final class RateOptions {

    private static final String TOPOLOGY = "topology";
    private static final List<String> SCHEDULES = List.of("step", "cosine", "constant");

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description =
                    "η at the start, before it is scaled up (default: 0.1; 0.001 where the inner"
                            + " step is adamw)")
    public Double learningRate;

    @Option(
            names = "--schedule",
            defaultValue = "step",
            description =
                    "how η falls: step (--drop-at, --drop-factor), cosine (to 0 over --horizon),"
                            + " or constant")
    String schedule;

    @Option(
            names = "--horizon",
            paramLabel = "EPOCHS",
            description =
                    "cosine: over how many epochs it falls (default: --epochs; a resumed run's: as"
                            + " it began)")
    Integer horizon;

    @Option(
            names = "--drop-at",
            split = ",",
            defaultValue = "1,2",
            paramLabel = "EPOCH",
            description = "step: epochs after which the rate drops")
    public int[] dropAt;

    @Option(
            names = "--drop-factor",
            defaultValue = "0.1",
            paramLabel = "X",
            description = "step: what it is multiplied by; 1 for no drops")
    double dropFactor;

    @Option(
            names = "--scale-up",
            defaultValue = "none",
            paramLabel = "BY",
            description =
                    "multiplies η by the number of replicas (size), by 1 + the mean degree of the"
                            + " graph (degree), by neither (none), always times batch size over"
                            + " base batch size; or by the root of size times that (root-size)")
    public String scaleUp;

    @Option(
            names = "--base-batch-size",
            paramLabel = "N",
            description =
                    "the batch size that η was found with on one replica (default: --batch-size)")
    Integer baseBatchSize;

    @Option(
            names = "--warmup-steps",
            defaultValue = "0",
            paramLabel = "N",
            description = "steps in which η grows in a line to where the schedule is by then")
    int warmupSteps;

    @Option(
            names = "--warmup-from",
            paramLabel = "X",
            description =
                    "the rate that it grows from (default: --learning-rate where that is scaled"
                            + " up, else 0)")
    Double warmupFrom;

    private double factor = 1;

    /** Refuses what can be refused before anything is loaded. */
    void check() {
        if (!SCHEDULES.contains(schedule)) {
            throw new IllegalArgumentException(
                    String.format(
                            "there is no --schedule \"%s\": %s",
                            schedule, Nearest.hint(schedule, SCHEDULES)));
        }
        for (int epoch : dropAt) {
            Checks.atLeast("--drop-at", epoch, 1);
        }
        if (!(dropFactor > 0 && dropFactor <= 1)) {
            throw new IllegalArgumentException(
                    "--drop-factor must be above 0 and at most 1, not " + dropFactor);
        }
        ScaleUp.named(scaleUp);
        if (baseBatchSize != null) {
            Checks.atLeast("--base-batch-size", baseBatchSize, 1);
        }
        Checks.atLeast("--warmup-steps", warmupSteps, 0);
        if (warmupFrom != null) {
            if (!(warmupFrom >= 0 && warmupFrom < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "--warmup-from must be at least 0, not " + warmupFrom);
            }
            if (warmupSteps == 0) {
                throw new IllegalArgumentException("--warmup-from needs --warmup-steps");
            }
        }
    }

    /** Chooses η by the inner step, where none is given. */
    public void choose(OptimizerProvider provider, Map<String, Object> given) {
        if (learningRate == null) {
            learningRate = DefaultRate.of(provider, given.get(DefaultRate.INNER));
        }
    }

    /** Works out by how much this run's rate is scaled up. */
    public void scaleUp(OptimizerProvider provider, Options given, int replicas, int batchSize) {
        ScaleUp by = ScaleUp.named(scaleUp);
        boolean graph =
                provider.options().stream().anyMatch(option -> option.name().equals(TOPOLOGY));
        if (by == ScaleUp.DEGREE && !graph) {
            throw new IllegalArgumentException(
                    "--scale-up degree is for optimizers on a graph, and "
                            + provider.name()
                            + " has none: use --scale-up size");
        }
        // the others only ask how many there are: the graph with the fewest edges will do
        String graphName = by == ScaleUp.DEGREE ? given.text(TOPOLOGY) : "ring";
        Topology topology = Topology.named(graphName, replicas);
        factor = by.factor(topology, batchSize, baseBatchSize == null ? batchSize : baseBatchSize);
    }

    /**
     * Returns the rate of one replica's run.
     *
     * @param stepsPerEpoch of the run
     * @param epochs over which it is laid out
     */
    public Tracker tracker(int stepsPerEpoch, int epochs) {
        double rate = factor * learningRate;
        Tracker tracker =
                switch (schedule) {
                    case "cosine" -> LearningRates.cosine(rate, stepsPerEpoch * epochs);
                    case "constant" -> Tracker.fixed((float) rate);
                    default ->
                            LearningRates.steps(
                                    rate,
                                    dropFactor,
                                    Arrays.stream(dropAt)
                                            .distinct()
                                            .sorted()
                                            .filter(epoch -> epoch < epochs)
                                            .map(epoch -> epoch * stepsPerEpoch)
                                            .toArray());
                };
        return warmupSteps == 0
                ? tracker
                : LearningRates.warmUp(tracker, warmupBegin(), warmupSteps);
    }

    private double warmupBegin() {
        if (warmupFrom != null) {
            return warmupFrom;
        }
        return factor > 1 ? learningRate : 0;
    }

    /** Adds this run's settings to those of a result. */
    public void addTo(Map<String, Object> all) {
        all.put("learningRate", learningRate);
        all.put("schedule", schedule);
        all.put("dropAt", dropAt);
        all.put("dropFactor", dropFactor);
        all.put("scaleUp", scaleUp);
        all.put("baseBatchSize", baseBatchSize);
        all.put("scaledLearningRate", factor * learningRate);
        all.put("warmupSteps", warmupSteps);
        all.put("warmupFrom", warmupSteps == 0 ? null : warmupBegin());
    }

    /** Returns for a report what the rate does. */
    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%.4g, %s", factor * learningRate, schedule);
        return warmupSteps == 0
                ? text
                : String.format(
                        Locale.ROOT,
                        "%s, after %s of warm-up from %.4g",
                        text,
                        Counted.of(warmupSteps, "step"),
                        warmupBegin());
    }
}
