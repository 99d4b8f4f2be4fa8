package org.parle.djl.examples;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a run ends with.
 *
 * @param command what was asked for
 * @param testError the reference's, 0 to 1
 * @param trainError the reference's, 0 to 1
 * @param seconds of training, without evaluation
 * @param steps of each replica
 * @param synchronisations of each replica
 * @param bytes sent by all replicas
 */
record Report(
        TrainCommand command,
        double testError,
        double trainError,
        double seconds,
        long steps,
        long synchronisations,
        long bytes) {

    void print(PrintWriter out) {
        out.println();
        line(out, "optimizer", command.optimizer + " " + command.optimizerOptions);
        line(out, "replicas", command.replicas + ", each with shard " + command.sharding);
        line(out, "validation error", percent(testError));
        line(out, "training error", percent(trainError));
        line(out, "gap", percent(testError - trainError));
        line(out, "training time", String.format(Locale.ROOT, "%.1f s", seconds));
        double rate = steps * command.replicas / seconds;
        line(
                out,
                "gradient steps",
                String.format(
                        Locale.ROOT, "%d for each replica, %.1f a second in all", steps, rate));
        line(out, "synchronisations", String.valueOf(synchronisations));
        line(out, "communicated", String.format(Locale.ROOT, "%.1f MB in all", bytes / 1e6));
        line(out, "seed", String.valueOf(command.seed));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("%-18s%s%n", name, value);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * part);
    }
}
