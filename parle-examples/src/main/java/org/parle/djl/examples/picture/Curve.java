package org.parle.djl.examples.picture;

import org.parle.djl.examples.result.LoggedRun;
import org.parle.djl.examples.result.MeanAndDeviation;
import org.parle.djl.examples.result.RunGroup;

import java.util.ArrayList;
import java.util.List;

/**
 * The validation error of a run as it goes on, over its seeds.
 *
 * @param x the mean at each epoch
 * @param error in percent, the mean
 * @param deviation of the error, 0 with one seed
 */
public record Curve(List<Double> x, List<Double> error, List<Double> deviation) {

    /** Nowhere to be seen: a name in the legend only. */
    static final Curve NONE = new Curve(List.of(Double.NaN), List.of(Double.NaN), List.of(0.0));

    /**
     * Works it out; as many epochs as all seeds have. Where some seeds diverged it is that of the
     * others, and where all did it ends there; it may have no epoch then.
     *
     * @param group the runs
     * @param name of what x is
     * @param unit by which that is multiplied
     */
    public static Curve of(RunGroup group, String name, double unit) {
        List<LoggedRun> runs = group.complete().isEmpty() ? group.runs() : group.complete();
        int seeds = runs.size();
        int epochs = runs.stream().mapToInt(run -> run.epochs().size()).min().orElseThrow();
        double[][] xs = new double[seeds][];
        double[][] errors = new double[seeds][];
        for (int s = 0; s < seeds; s++) {
            xs[s] = runs.get(s).series(name);
            errors[s] = runs.get(s).series("validationError");
        }
        Curve curve = new Curve(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int e = 0; e < epochs; e++) {
            curve.x.add(unit * at(xs, e).mean());
            MeanAndDeviation error = at(errors, e);
            curve.error.add(100 * error.mean());
            curve.deviation.add(seeds < 2 ? 0 : 100 * error.deviation());
        }
        return curve;
    }

    private static MeanAndDeviation at(double[][] series, int epoch) {
        double[] all = new double[series.length];
        for (int s = 0; s < series.length; s++) {
            all[s] = series[s][epoch];
        }
        return MeanAndDeviation.of(all);
    }

    /** Returns whether it has a place where x is. */
    boolean isShown() {
        return !x.isEmpty() && x.get(0) > 0;
    }

    /** Returns the error at its end. */
    double last() {
        return error.get(error.size() - 1);
    }

    boolean hasDeviations() {
        return deviation.stream().anyMatch(one -> one > 0);
    }
}
