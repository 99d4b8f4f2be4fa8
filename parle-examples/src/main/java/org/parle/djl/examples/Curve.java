package org.parle.djl.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * The validation error of a run as it goes on, over its seeds.
 *
 * @param x the mean at each epoch
 * @param error in percent, the mean
 * @param deviation of the error, 0 with one seed
 */
record Curve(List<Double> x, List<Double> error, List<Double> deviation) {

    /**
     * Works it out; as many epochs as all seeds have.
     *
     * @param group the runs
     * @param name of what x is
     * @param unit by which that is multiplied
     */
    static Curve of(Comparison.Group group, String name, double unit) {
        int seeds = group.runs().size();
        int epochs = group.runs().stream().mapToInt(run -> run.epochs().size()).min().orElseThrow();
        double[][] xs = new double[seeds][];
        double[][] errors = new double[seeds][];
        for (int s = 0; s < seeds; s++) {
            xs[s] = group.runs().get(s).series(name);
            errors[s] = group.runs().get(s).series("validationError");
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

    boolean hasDeviations() {
        return deviation.stream().anyMatch(one -> one > 0);
    }
}
