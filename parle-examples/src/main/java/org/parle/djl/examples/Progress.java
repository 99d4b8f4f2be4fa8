package org.parle.djl.examples;

import ai.djl.training.util.ProgressBar;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What one replica, the first, shows as it trains: a line for each epoch, and on a terminal a bar.
 * The launcher says whether there is one, since Java cannot tell in all its versions.
 */
final class Progress {

    private final PrintWriter out;
    private final int epochs;
    private final int steps;
    private final boolean bar;
    private ProgressBar current;
    private int epoch;
    private long begin;
    private long nanos;
    private int done;

    /**
     * Creates it.
     *
     * @param out where to, null for silence
     * @param epochs how many will come
     * @param steps in each
     */
    Progress(PrintWriter out, int epochs, int steps) {
        this.out = out;
        this.epochs = epochs;
        this.steps = steps;
        bar = out != null && Boolean.getBoolean("parle.terminal");
    }

    void begin(int number) {
        epoch = number;
        done = 0;
        begin = System.nanoTime();
        current = bar ? new ProgressBar("epoch " + epoch, steps) : null;
    }

    void step() {
        done++;
        if (current != null) {
            double rate = done / ((System.nanoTime() - begin) / 1e9);
            current.update(done - 1, String.format(Locale.ROOT, "%.0f steps/s each", rate));
        }
    }

    void end(double error) {
        pause();
        if (out != null) {
            out.printf(
                    Locale.ROOT,
                    "epoch %d of %d: validation error %.2f %%, %.1f s of training%n",
                    epoch,
                    epochs,
                    100 * error,
                    seconds());
            out.flush();
        }
    }

    void stopped(long step) {
        pause();
        if (out != null) {
            out.println("stopped after step " + step);
            out.flush();
        }
    }

    private void pause() {
        nanos += System.nanoTime() - begin;
    }

    /** Returns the time spent in training, without evaluation. */
    double seconds() {
        return nanos / 1e9;
    }
}
