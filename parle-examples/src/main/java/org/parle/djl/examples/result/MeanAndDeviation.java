package org.parle.djl.examples.result;

import java.util.Locale;

/**
 * Mean and deviation.
 *
 * @param mean of all
 * @param deviation of one from the mean (n − 1 in the denominator), NaN for less than two
 */
public record MeanAndDeviation(double mean, double deviation) {

    public static MeanAndDeviation of(double... all) {
        double sum = 0;
        for (double one : all) {
            sum += one;
        }
        double mean = sum / all.length;
        double squares = 0;
        for (double one : all) {
            squares += (one - mean) * (one - mean);
        }
        return new MeanAndDeviation(
                mean, all.length < 2 ? Double.NaN : Math.sqrt(squares / (all.length - 1)));
    }

    String text(String format) {
        String text = String.format(Locale.ROOT, format, mean);
        return Double.isNaN(deviation)
                ? text
                : text + " ± " + String.format(Locale.ROOT, format, deviation);
    }
}
