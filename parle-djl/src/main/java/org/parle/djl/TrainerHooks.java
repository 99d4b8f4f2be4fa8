package org.parle.djl;

import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListenerAdapter;

import java.util.OptionalInt;

/**
 * Hears for a {@link ReplicaTrainer} what only listeners hear. It is the first of the trainer's
 * listeners, so all others see the reference at the end of an epoch.
 */
final class TrainerHooks extends TrainingListenerAdapter {

    private Runnable refresh;
    private EpochVote vote;
    private OptionalInt updatesPerEpoch = OptionalInt.empty();

    /** Binds the trainer, which cannot be there yet when its listeners are first called. */
    void attach(Runnable onRefresh, EpochVote epochVote) {
        refresh = onRefresh;
        vote = epochVote;
    }

    /** Returns B as the first batch tells. */
    OptionalInt updatesPerEpoch() {
        return updatesPerEpoch;
    }

    /** Takes B from a run that is resumed: its first batch may be the small one of an epoch. */
    void resumed(OptionalInt updates) {
        updatesPerEpoch = updates;
    }

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        if (updatesPerEpoch.isEmpty()) {
            updatesPerEpoch = updatesPerEpoch(batchData.getBatch());
        }
    }

    static OptionalInt updatesPerEpoch(Batch batch) {
        long total = batch.getProgressTotal();
        int size = batch.getSize();
        return total <= 0 || size <= 0
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact((total + size - 1) / size));
    }

    @Override
    public void onEpoch(Trainer trainer) {
        vote.epoch();
        refresh.run();
    }
}
