package org.parle.djl.examples;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.ReplicasStoppedException;
import org.parle.djl.data.Shard;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;

/** Trains as {@code parle train} was told, and reports. */
final class Training {

    private final TrainCommand command;
    private final RandomAccessDataset train;
    private final RandomAccessDataset test;
    private final PrintWriter out;
    private volatile Report report;
    private volatile boolean stopped;

    Training(
            TrainCommand command,
            RandomAccessDataset train,
            RandomAccessDataset test,
            PrintWriter out) {
        this.command = command;
        this.train = train;
        this.test = test;
        this.out = out;
    }

    /** Runs all replicas; returns whether they were stopped on request. */
    boolean run(Replicas replicas) {
        replicas.run(this::body);
        if (report != null) {
            report.print(out);
        }
        return stopped;
    }

    private void body(Replica replica) throws IOException, TranslateException {
        try (Model model = Model.newInstance(command.model, replica.devices()[0])) {
            model.setBlock(LeNet.block());
            Shard shard = replica.shard(train, command.sharding);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(replica.devices())
                            .optOptimizer(
                                    command.newOptimizer()
                                            .setLearningRateTracker(rate(shard))
                                            .build());
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(command.batchSize).addAll(LeNet.INPUT));
                train(replica, trainer, shard);
            }
            if (replica.isFirst() && command.output != null) {
                model.save(command.output, command.model);
                out.println("saved to " + command.output);
                out.flush();
            }
        }
    }

    /** DJL's own multi-factor tracker wants two drops at least. */
    private Tracker rate(Shard shard) {
        int[] drops = command.dropAt;
        return k -> {
            int epochsDone = (k - 1) / shard.stepsPerEpoch();
            long dropped = Arrays.stream(drops).distinct().filter(e -> e <= epochsDone).count();
            return (float) (command.learningRate * Math.pow(command.dropFactor, dropped));
        };
    }

    private void train(Replica replica, ReplicaTrainer trainer, Shard shard)
            throws IOException, TranslateException {
        Errors errors = new Errors(replica, trainer);
        Progress progress =
                new Progress(replica.isFirst() ? out : null, command.epochs, shard.stepsPerEpoch());
        try {
            for (int epoch = 1; epoch <= command.epochs; epoch++) {
                progress.begin(epoch);
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    progress.step();
                }
                progress.end(errors.of(test));
            }
        } catch (ReplicasStoppedException e) {
            stopped = true;
            progress.stopped(e.getSteps());
        }
        long bytes = errors.sum(replica.communicator().bytesSent());
        double testError = errors.of(test);
        double trainError = errors.of(train);
        if (replica.isFirst()) {
            report =
                    new Report(
                            command,
                            testError,
                            trainError,
                            progress.seconds(),
                            trainer.getSteps(),
                            trainer.getSynchronisations(),
                            bytes);
        }
    }
}
