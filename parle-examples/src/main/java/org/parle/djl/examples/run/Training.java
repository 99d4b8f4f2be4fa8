package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;

import org.parle.djl.Checkpoints;
import org.parle.djl.Replica;
import org.parle.djl.ReplicaException;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.ReplicasStoppedException;
import org.parle.djl.data.Shard;
import org.parle.djl.examples.network.Models;
import org.parle.djl.examples.option.DataOptions;
import org.parle.djl.examples.option.TrainOptions;
import org.parle.djl.monitor.RunLog;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What each replica of {@code parle train} does. */
public final class Training {

    private final TrainOptions options;
    private final Supplier<ReplicaOptimizer.Builder> optimizer;
    private final List<String> typed;
    private final RandomAccessDataset train;
    private final RandomAccessDataset test;
    private final PrintWriter out;
    private final int horizon;
    private final Map<String, String> identity;
    private volatile Report report;
    private volatile boolean stopped;
    private volatile RunLog log;

    public Training(
            TrainOptions options,
            Supplier<ReplicaOptimizer.Builder> optimizer,
            List<String> typed,
            RandomAccessDataset train,
            RandomAccessDataset test,
            PrintWriter out)
            throws IOException {
        this.options = options;
        this.optimizer = optimizer;
        this.typed = typed;
        this.train = train;
        this.test = test;
        this.out = out;
        horizon = options.horizon();
        identity = options.identity();
    }

    /** Runs all replicas; returns what came out, null where the first is in another process. */
    public Report run(Replicas replicas) {
        try {
            replicas.run(this::body);
        } catch (ReplicaException e) {
            // not before: what one replica sees may follow from what went wrong with another
            if (log != null && e.getCause() instanceof DivergedException diverged) {
                log.diverged(diverged.getStep(), diverged.getMessage());
            }
            throw e;
        }
        return report;
    }

    /** Returns whether the replicas were stopped on request. */
    public boolean isStopped() {
        return stopped;
    }

    private Block block() throws IOException {
        DataOptions data = options.data;
        return Models.block(options.model, data.dataset, data.input(), data.classes());
    }

    private void body(Replica replica) throws IOException, TranslateException {
        try (Model model = Model.newInstance(options.model, replica.devices()[0])) {
            model.setBlock(block());
            Shard shard = options.data.shard(replica, train);
            options.common().forEach(replica::mustAgree);
            identity.forEach(replica::mustAgree);
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
                                                            shard.stepsPerEpoch(), horizon))
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
                checkpoints = options.checkpoints.of(shard, identity, options.model);
                config.addTrainingListeners(checkpoints);
            }
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(options.batchSize).addAll(options.data.input()));
                if (checkpoints != null) {
                    progress.resumed(options.checkpoints.resume(checkpoints, trainer));
                }
                RunLog itsLog = replica.isFirst() ? log : null;
                TrainingLoop loop = new TrainingLoop(options, replica, trainer, progress, itsLog);
                try {
                    Report itsReport = loop.run(shard, train, test);
                    if (replica.isFirst()) {
                        report = itsReport;
                    }
                } catch (ReplicasStoppedException e) {
                    // no evaluation: whoever interrupts wants the model now
                    stopped = true;
                    progress.stopped(e.getSteps());
                }
            }
            if (replica.isFirst() && options.output != null) {
                SavedModel.save(model, options.output, options.model);
                out.println("saved to " + options.output);
                out.flush();
            }
        }
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
}
