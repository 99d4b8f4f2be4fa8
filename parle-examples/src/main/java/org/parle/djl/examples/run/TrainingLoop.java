package org.parle.djl.examples.run;

import ai.djl.TrainingDivergedException;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.data.Shard;
import org.parle.djl.examples.option.TrainOptions;
import org.parle.djl.monitor.RunLog;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One replica's epochs of {@code parle train}, and what it looks at after each and at the end.
 *
 * @param options of the run
 * @param replica whose they are
 * @param trainer of the replica
 * @param progress what it shows
 * @param log null for none
 */
record TrainingLoop(
        TrainOptions options,
        Replica replica,
        ReplicaTrainer trainer,
        Progress progress,
        RunLog log) {

    /**
     * Trains. Collective.
     *
     * @return what came out
     * @throws org.parle.djl.ReplicasStoppedException if the replicas were stopped on request
     * @throws DivergedException if training diverged here
     */
    Report run(Shard shard, RandomAccessDataset train, RandomAccessDataset test)
            throws IOException, TranslateException {
        Errors errors = new Errors(replica, trainer);
        double testError = 1;
        long evaluating = 0;
        boolean late = false;
        for (int epoch = 1 + (int) shard.epoch();
                epoch <= options.epochs && !isEnough() && !late;
                epoch++) {
            progress.begin(epoch, shard.position().batch());
            for (Batch batch : trainer.iterateDataset(shard)) {
                step(batch);
                progress.step();
                if (isEnough()) {
                    break;
                }
            }
            progress.pause();
            long before = replica.communicator().bytesSent();
            testError = errors.of(test);
            double distance = trainer.getConsensusDistance();
            long sentInAll = errors.sum(before - evaluating);
            late = isLate(errors);
            evaluating += replica.communicator().bytesSent() - before;
            progress.end(testError, distance);
            if (log != null) {
                log.note("validationError", testError);
                log.note("trainingSeconds", progress.seconds());
                log.note("consensusDistance", distance);
                log.note("bytesInAll", sentInAll);
                log.note("gradientsInAll", (double) trainer.getSteps() * replica.getSize());
                log.onEpoch(trainer);
            }
        }
        if (!progress.hasTrained()) {
            testError = errors.of(test);
        }
        Map<String, double[]> times = times(errors);
        long bytes = errors.sum(replica.communicator().bytesSent());
        evaluating = errors.sum(evaluating);
        double trainError = errors.of(train);
        Spread spread = Spread.of(replica, trainer, errors, test);
        Report report =
                new Report(
                        testError,
                        trainError,
                        progress.seconds(),
                        trainer.getSteps(),
                        progress.resumedAt(),
                        trainer.getSynchronisations(),
                        bytes,
                        evaluating,
                        spread,
                        times);
        if (log != null) {
            log.end(report.measured(replica.getSize()));
        }
        return report;
    }

    /** Returns whether there were as many steps as were asked for at the most. */
    private boolean isEnough() {
        return options.maxSteps > 0 && trainer.getSteps() >= options.maxSteps;
    }

    /** Returns whether the time is over, which all replicas must see alike. Collective. */
    private boolean isLate(Errors errors) {
        return options.maxSeconds > 0
                && errors.sum(progress.seconds() >= options.maxSeconds ? 1 : 0) > 0;
    }

    /** Returns where each replica's time went, in words for the report. Collective. */
    private Map<String, double[]> times(Errors errors) {
        Map<String, Double> own = trainer.measurements();
        Map<String, double[]> all = new LinkedHashMap<>();
        for (String what : List.of("loading", "gradient", "updating", "compressing", "waiting")) {
            String name = "seconds" + Character.toUpperCase(what.charAt(0)) + what.substring(1);
            all.put(what, errors.all(own.get(name)));
        }
        return all;
    }

    private void step(Batch batch) {
        long step = trainer.getSteps() + 1;
        try {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
        } catch (TrainingDivergedException e) {
            throw new DivergedException(step, e);
        }
        batch.close();
    }
}
