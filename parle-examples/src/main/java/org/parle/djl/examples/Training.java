package org.parle.djl.examples;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;

import org.parle.djl.Checkpoints;
import org.parle.djl.Replica;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.ReplicasStoppedException;
import org.parle.djl.data.Shard;
import org.parle.djl.monitor.RunLog;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What each replica of {@code parle train} does. */
final class Training {

    private final TrainOptions options;
    private final Supplier<ReplicaOptimizer.Builder> optimizer;
    private final List<String> typed;
    private final RandomAccessDataset train;
    private final RandomAccessDataset test;
    private final PrintWriter out;
    private volatile Report report;
    private volatile boolean stopped;
    private volatile RunLog log;

    Training(
            TrainOptions options,
            Supplier<ReplicaOptimizer.Builder> optimizer,
            List<String> typed,
            RandomAccessDataset train,
            RandomAccessDataset test,
            PrintWriter out) {
        this.options = options;
        this.optimizer = optimizer;
        this.typed = typed;
        this.train = train;
        this.test = test;
        this.out = out;
    }

    /** Runs all replicas; returns what came out, null where the first is in another process. */
    Report run(Replicas replicas) {
        replicas.run(this::body);
        return report;
    }

    /** Returns whether the replicas were stopped on request. */
    boolean isStopped() {
        return stopped;
    }

    private Block block() throws IOException {
        DataOptions data = options.data;
        return Models.block(options.model, data.dataset, data.input(), data.classes());
    }

    /** Returns whether there were as many steps as were asked for at the most. */
    private boolean isEnough(ReplicaTrainer trainer) {
        return options.maxSteps > 0 && trainer.getSteps() >= options.maxSteps;
    }

    /** Returns whether the time is over, which all replicas must see alike. Collective. */
    private boolean isLate(Errors errors, Progress progress) {
        return options.maxSeconds > 0
                && errors.sum(progress.seconds() >= options.maxSeconds ? 1 : 0) > 0;
    }

    private void body(Replica replica) throws IOException, TranslateException {
        try (Model model = Model.newInstance(options.model, replica.devices()[0])) {
            model.setBlock(block());
            Shard shard = options.data.shard(replica, train);
            Progress progress =
                    new Progress(replica.isFirst() ? out : null, options, shard.stepsPerEpoch());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(replica.devices())
                            .optOptimizer(
                                    optimizer
                                            .get()
                                            .setLearningRateTracker(
                                                    options.rate.tracker(
                                                            shard.stepsPerEpoch(), options.epochs))
                                            .build());
            if (replica.isFirst()) {
                config.addTrainingListeners(progress);
                if (options.log != null) {
                    log = newLog();
                    config.addTrainingListeners(log);
                }
            }
            Checkpoints checkpoints = null;
            if (options.checkpoints.given()) {
                checkpoints = options.checkpoints.of(shard, options);
                config.addTrainingListeners(checkpoints);
            }
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(options.batchSize).addAll(options.data.input()));
                if (checkpoints != null) {
                    progress.resumed(options.checkpoints.resume(checkpoints, trainer));
                }
                train(replica, trainer, shard, progress);
            }
            if (replica.isFirst() && options.output != null) {
                model.save(options.output, options.model);
                out.println("saved to " + options.output);
                out.flush();
            }
        }
    }

    /** Returns where each replica's time went, in words for the report. Collective. */
    private static Map<String, double[]> times(ReplicaTrainer trainer, Errors errors) {
        Map<String, Double> own = trainer.measurements();
        Map<String, double[]> all = new LinkedHashMap<>();
        for (String what : List.of("loading", "gradient", "updating", "compressing", "waiting")) {
            String name = "seconds" + Character.toUpperCase(what.charAt(0)) + what.substring(1);
            all.put(what, errors.all(own.get(name)));
        }
        return all;
    }

    private RunLog newLog() {
        return RunLog.builder()
                .setFolder(options.log)
                .optSetting("arguments", typed)
                .optSetting("optimizer", options.optimizer)
                .optSetting("replicas", options.replicas)
                .optSetting("seed", options.seed)
                .optSetting("dataset", options.data.dataset)
                .optSetting("model", options.model)
                .build();
    }

    private void train(Replica replica, ReplicaTrainer trainer, Shard shard, Progress progress)
            throws IOException, TranslateException {
        Errors errors = new Errors(replica, trainer);
        double testError = 1;
        long evaluating = 0;
        boolean late = false;
        try {
            for (int epoch = 1 + (int) shard.epoch();
                    epoch <= options.epochs && !isEnough(trainer) && !late;
                    epoch++) {
                progress.begin(epoch, shard.position().batch());
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    progress.step();
                    if (isEnough(trainer)) {
                        break;
                    }
                }
                progress.pause();
                long before = replica.communicator().bytesSent();
                testError = errors.of(test);
                double distance = trainer.getConsensusDistance();
                long sentInAll = errors.sum(before - evaluating);
                late = isLate(errors, progress);
                evaluating += replica.communicator().bytesSent() - before;
                progress.end(testError, distance);
                if (replica.isFirst() && log != null) {
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
        } catch (ReplicasStoppedException e) {
            // no evaluation: whoever interrupts wants the model now
            stopped = true;
            progress.stopped(e.getSteps());
            return;
        }
        Map<String, double[]> times = times(trainer, errors);
        long bytes = errors.sum(replica.communicator().bytesSent());
        evaluating = errors.sum(evaluating);
        double trainError = errors.of(train);
        Spread spread = Spread.of(replica, trainer, errors, test);
        if (replica.isFirst()) {
            report =
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
        }
    }
}
