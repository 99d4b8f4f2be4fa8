package org.parle.djl.examples.result;

import java.util.List;

/**
 * The same run with several seeds.
 *
 * @param name for tables and pictures
 * @param runs at least one; each is complete or has diverged
 */
public record RunGroup(String name, List<LoggedRun> runs) {

    /** Returns the seeds that came to their end, which alone have results. */
    public List<LoggedRun> complete() {
        return runs.stream().filter(LoggedRun::isComplete).toList();
    }

    public boolean isComplete() {
        return complete().size() == runs.size();
    }

    /** Returns what came out, over the seeds that came to their end. */
    public MeanAndDeviation result(String name, double scale) {
        return MeanAndDeviation.of(
                complete().stream().mapToDouble(run -> scale * run.result(name)).toArray());
    }

    /** Returns what came out in words, a dash where nothing did. */
    String text(String name, double scale, String format) {
        return complete().isEmpty() ? "-" : result(name, scale).text(format);
    }

    /** Returns the error in percent, and which seeds have none. */
    public String error() {
        if (complete().isEmpty()) {
            return divergence();
        }
        String error = text("validationError", 100, "%.2f");
        return isComplete() ? error : error + ", " + divergence();
    }

    /** Returns how many seeds diverged, unless all did, and when; nothing where none did. */
    public String divergence() {
        long[] steps =
                runs.stream()
                        .filter(LoggedRun::hasDiverged)
                        .mapToLong(LoggedRun::divergedAt)
                        .sorted()
                        .toArray();
        if (steps.length == 0) {
            return "";
        }
        String some = steps.length < runs.size() ? steps.length + " of " + runs.size() + " " : "";
        long first = steps[0];
        long last = steps[steps.length - 1];
        return some
                + "diverged at step"
                + (first == last ? " " + first : "s " + first + " to " + last);
    }
}
