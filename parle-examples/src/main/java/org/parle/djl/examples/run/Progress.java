package org.parle.djl.examples.run;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.util.ProgressBar;

import org.parle.djl.examples.option.TrainOptions;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What one replica, the first, shows as it trains: a line for each epoch, and on a terminal a bar.
 * The launcher says whether there is one, since Java cannot tell in all its versions.
 */
final class Progress extends TrainingListenerAdapter {

    private final PrintWriter out;
    private final TrainOptions options;
    private final int steps;
    private final boolean bar;
    private ProgressBar current;
    private int epoch;
    private long begin;
    private long nanos;
    private long nanosBefore;
    private int before;
    private int done;
    private double lastError = Double.NaN;
    private long resumedAt;
    private double losses;

    /**
     * Creates it.
     *
     * @param out where to, null for silence
     * @param options of the run
     * @param steps in each epoch
     */
    Progress(PrintWriter out, TrainOptions options, int steps) {
        this.out = out;
        this.options = options;
        this.steps = steps;
        bar = out != null && Boolean.getBoolean("parle.terminal");
    }

    /** Notes the step at which a run goes on, 0 for a new one. */
    void resumed(long step) {
        resumedAt = step;
        if (out != null && step > 0) {
            out.println("resumed at step " + step);
            out.flush();
        }
    }

    long resumedAt() {
        return resumedAt;
    }

    /** Returns whether there was an epoch that had not ended yet. */
    boolean hasTrained() {
        return epoch > 0;
    }

    /**
     * Begins an epoch.
     *
     * @param number of the epoch, from 1
     * @param stepsBefore the steps of it that were taken before the run was resumed
     */
    void begin(int number, int stepsBefore) {
        epoch = number;
        before = stepsBefore;
        done = 0;
        losses = 0;
        nanosBefore = nanos;
        begin = System.nanoTime();
        current = bar ? new ProgressBar("epoch " + epoch, steps) : null;
    }

    /** Notes the loss of this replica's own weights. */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData data) {
        for (Device device : data.getLabels().keySet()) {
            try (NDArray loss =
                    trainer.getLoss()
                            .evaluate(
                                    data.getLabels().get(device),
                                    data.getPredictions().get(device))) {
                losses += loss.getFloat() / data.getLabels().size();
            }
        }
    }

    void step() {
        done++;
        if (current != null) {
            current.update(
                    before + done - 1,
                    String.format(
                            Locale.ROOT,
                            "loss %.3f, %s%.1f steps/s, %s left",
                            losses / done,
                            Double.isNaN(lastError)
                                    ? ""
                                    : String.format(
                                            Locale.ROOT, "error %.2f %%, ", 100 * lastError),
                            rate(System.nanoTime() - begin),
                            left()));
        }
    }

    /** Returns the time that the steps left take at this epoch's pace, without evaluation. */
    private String left() {
        long all = (long) (options.epochs - epoch + 1) * steps - before - done;
        if (options.maxSteps > 0) {
            long taken = (long) (epoch - 1) * steps + before + done;
            all = Math.min(all, options.maxSteps - taken);
        }
        long seconds = Math.round((System.nanoTime() - begin) / 1e9 / done * Math.max(0, all));
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Ends the training part of an epoch; the time of what follows is not counted. */
    void pause() {
        nanos += System.nanoTime() - begin;
    }

    void end(double error, double distance) {
        lastError = error;
        if (out != null) {
            out.printf(
                    Locale.ROOT,
                    "epoch %d of %d: loss %.3f, validation error %.2f %%, consensus distance %.3g,"
                            + " %.1f steps/s, %.1f s%n",
                    epoch,
                    options.epochs,
                    losses / done,
                    100 * error,
                    distance,
                    rate(nanos - nanosBefore),
                    (nanos - nanosBefore) / 1e9);
            out.flush();
        }
    }

    void stopped(long step) {
        if (out != null) {
            out.println("stopped after step " + step);
            out.flush();
        }
    }

    /** Returns the gradient steps a second of all replicas in this epoch. */
    private double rate(long time) {
        return done * options.replicas / (time / 1e9);
    }

    /** Returns the time spent in training, without evaluation. */
    double seconds() {
        return nanos / 1e9;
    }
}
