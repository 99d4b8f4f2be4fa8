package org.parle.djl.examples.run;

import ai.djl.util.JsonUtils;

import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.examples.option.TrainOptions;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run ends with.
 *
 * @param testError the reference's, 0 to 1
 * @param trainError the reference's, 0 to 1
 * @param seconds of training, without evaluation
 * @param steps of each replica
 * @param resumedAt the step at which this run went on, 0 where it began anew
 * @param synchronisations of each replica
 * @param bytes sent by all replicas
 * @param evaluating how many of them were sent to evaluate one model after each epoch
 * @param spread of the replicas at the end
 * @param times where each replica's time went in training, in seconds
 */
public record Report(
        double testError,
        double trainError,
        double seconds,
        long steps,
        long resumedAt,
        long synchronisations,
        long bytes,
        long evaluating,
        Spread spread,
        Map<String, double[]> times) {

    private static final int MOST_TIMES = 8;

    private double stepsPerSecond(TrainOptions options) {
        return seconds == 0 ? 0 : (steps - resumedAt) * options.replicas / seconds;
    }

    public void print(
            PrintWriter out, TrainOptions options, Map<String, Object> given, double wall) {
        out.println();
        line(out, "optimizer", options.optimizer + " " + OptimizerOptions.typed(given));
        line(out, "replicas", options.replicas + ", each with shard " + options.data.shard);
        line(out, "learning rate", options.rate.toString());
        line(out, "validation error", percent(testError));
        line(out, "single replicas", spread.replicas());
        line(out, "training error", percent(trainError));
        line(out, "gap", percent(testError - trainError));
        line(out, "wall time", String.format(Locale.ROOT, "%.1f s", wall));
        line(out, "training time", String.format(Locale.ROOT, "%.1f s", seconds));
        line(
                out,
                "gradient steps",
                String.format(
                        Locale.ROOT,
                        "%d for each replica, %.1f a second in all",
                        steps,
                        stepsPerSecond(options)));
        if (resumedAt > 0) {
            line(out, "resumed", "at step " + resumedAt + "; times and bytes are from there on");
        }
        line(out, "synchronisations", String.valueOf(synchronisations));
        line(
                out,
                "consensus",
                String.format(Locale.ROOT, "%.4g from the mean, on average", spread.distance()));
        if (spread.bytesPerStep() > 0) {
            line(
                    out,
                    "messages",
                    String.format(
                            Locale.ROOT,
                            "%.0f bytes per neighbour per step",
                            spread.bytesPerStep()));
        }
        line(
                out,
                "communicated",
                String.format(
                        Locale.ROOT,
                        "%.1f MB in all, %.1f of them to evaluate",
                        bytes / 1e6,
                        evaluating / 1e6));
        times.forEach((what, each) -> line(out, what, seconds(each)));
        double[] waiting = times.get("waiting");
        if (waiting.length > 1) {
            line(out, "waited for", slowest(waiting));
        }
        line(out, "seed", String.valueOf(options.seed));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("%-18s%s%n", name, value.strip());
    }

    /** Returns every replica's time, or of many the mean and the extremes. */
    private static String seconds(double... each) {
        if (each.length > MOST_TIMES) {
            DoubleSummaryStatistics all = Arrays.stream(each).summaryStatistics();
            return String.format(
                    Locale.ROOT,
                    "%.1f s in the mean of replicas, %.1f to %.1f s",
                    all.getAverage(),
                    all.getMin(),
                    all.getMax());
        }
        return Arrays.stream(each)
                .mapToObj(one -> String.format(Locale.ROOT, "%.1f s", one))
                .collect(Collectors.joining(", "));
    }

    /** Whoever comes last waits for nobody: a replica that waits much less than the others. */
    private static String slowest(double... waiting) {
        int least = 0;
        for (int i = 1; i < waiting.length; i++) {
            least = waiting[i] < waiting[least] ? i : least;
        }
        double others = (Arrays.stream(waiting).sum() - waiting[least]) / (waiting.length - 1);
        return waiting[least] < others / 2
                ? String.format(
                        Locale.ROOT,
                        "replica %d: it waited %.1f s, the others %.1f s on average",
                        least,
                        waiting[least],
                        others)
                : "no replica more than others";
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * part);
    }

    /** Returns what a log ends with. */
    Map<String, Double> measured(int replicas) {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("validationError", testError);
        all.put("trainingError", trainError);
        all.put("trainingSeconds", seconds);
        all.put("stepsPerReplica", (double) steps);
        all.put("gradientsInAll", (double) steps * replicas);
        all.put("synchronisations", (double) synchronisations);
        all.put("bytesInAll", (double) (bytes - evaluating));
        return all;
    }

    /** Appends settings and results to the file that the options name, as one line of JSON. */
    public void append(TrainOptions options, Map<String, Object> given, double wall)
            throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("dataset", options.data.dataset);
        all.put("model", options.model);
        all.put("optimizer", options.optimizer);
        all.put("options", given);
        all.put("replicas", options.replicas);
        all.put("devices", options.devices);
        options.data.addTo(all);
        all.put("epochs", options.epochs);
        all.put("maxSteps", options.maxSteps);
        all.put("batchSize", options.batchSize);
        options.rate.addTo(all);
        all.put("batchNormBatches", options.batchNormBatches);
        all.put("seed", options.seed);
        all.put("validationError", testError);
        all.put("trainingError", trainError);
        all.put("wallSeconds", wall);
        all.put("trainingSeconds", seconds);
        all.put("stepsPerReplica", steps);
        all.put("resumedAtStep", resumedAt);
        all.put("stepsPerSecond", stepsPerSecond(options));
        all.put("synchronisations", synchronisations);
        all.put("bytes", bytes);
        all.put("bytesToEvaluate", evaluating);
        all.put("bytesPerNeighbourPerStep", spread.bytesPerStep());
        all.put("consensusDistance", spread.distance());
        all.put("times", times);
        all.put("replicaErrorMean", spread.errors().getAverage());
        all.put("replicaErrorMin", spread.errors().getMin());
        all.put("replicaErrorMax", spread.errors().getMax());
        Files.writeString(
                options.result,
                JsonUtils.GSON_COMPACT.toJson(all) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
