package org.parle.djl.examples.run;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaTrainer;

import java.io.IOException;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * How far the replicas ended from one another, and what they told each other.
 *
 * @param distance the mean of ‖x_i − x̄‖
 * @param errors of replicas' own weights, 0 to 1
 * @param bytesPerStep to each receiver, all-reduces not counted
 */
record Spread(double distance, DoubleSummaryStatistics errors, double bytesPerStep) {

    /** Each evaluates the whole set: of many replicas some will do. */
    private static final int MOST = 16;

    /** Looks at the replicas. Collective. */
    static Spread of(
            Replica replica, ReplicaTrainer trainer, Errors errors, RandomAccessDataset set)
            throws IOException, TranslateException {
        double distance = trainer.getConsensusDistance();
        int apart = (replica.getSize() + MOST - 1) / MOST;
        boolean chosen = replica.getRank() % apart == 0;
        double[] all = errors.all(chosen ? errors.ofOwn(set) : Double.NaN);
        return new Spread(
                distance,
                Arrays.stream(all).filter(error -> !Double.isNaN(error)).summaryStatistics(),
                (double) trainer.getMessageBytes() / trainer.getSteps());
    }

    /** Returns the replicas' errors in words. */
    String replicas() {
        return String.format(
                Locale.ROOT,
                "%.2f %% in the mean of %s own weights, %.2f to %.2f %%",
                100 * errors.getAverage(),
                errors.getCount() == 1 ? "1 replica's" : errors.getCount() + " replicas'",
                100 * errors.getMin(),
                100 * errors.getMax());
    }
}
