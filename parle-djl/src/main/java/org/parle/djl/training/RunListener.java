package org.parle.djl.training;

import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListenerAdapter;

import java.util.OptionalInt;

/**
 * Hears for a run what only listeners hear. It is the first of its trainer's listeners, so all
 * others see the reference at the end of an epoch.
 */
public final class RunListener extends TrainingListenerAdapter {

    private Run run;

    /** Creates one that hears nothing yet. */
    public RunListener() {}

    /**
     * Binds the run, which cannot be there yet when its trainer's listeners are first called.
     *
     * @param begun the run
     */
    public void attach(Run begun) {
        run = begun;
    }

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        run.updatesPerEpoch(updatesPerEpoch(batchData.getBatch()));
    }

    /**
     * Returns B as a batch tells.
     *
     * @param batch the first of a run
     * @return the steps of an epoch; empty if the data set's size is not known
     */
    public static OptionalInt updatesPerEpoch(Batch batch) {
        long total = batch.getProgressTotal();
        int size = batch.getSize();
        return total <= 0 || size <= 0
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact((total + size - 1) / size));
    }

    @Override
    public void onEpoch(Trainer trainer) {
        run.epoch();
    }
}
