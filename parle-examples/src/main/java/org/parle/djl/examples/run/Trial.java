package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.data.Shard;
import org.parle.djl.data.Sharding;
import org.parle.djl.examples.network.LeNet;
import org.parle.djl.examples.option.TuneOptions;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What came of a few hundred steps.
 *
 * @param loss of the replicas' own weights on shared data, in the mean
 * @param ownError of the replicas' own weights, in the mean, 0 to 1
 * @param error of the averaged model, 0 to 1
 * @param distance the mean of ‖x_i − x̄‖
 */
public record Trial(double loss, double ownError, double error, double distance) {

    public static Trial run(
            TuneOptions options,
            Supplier<ReplicaOptimizer.Builder> optimizer,
            RandomAccessDataset train,
            RandomAccessDataset test) {
        AtomicReference<Trial> result = new AtomicReference<>();
        Replicas.builder()
                .optSeed(options.seed)
                .build(options.replicas)
                .run(
                        replica -> {
                            Trial trial = body(replica, options, optimizer, train, test);
                            if (replica.isFirst()) {
                                result.set(trial);
                            }
                        });
        return result.get();
    }

    private static Trial body(
            Replica replica,
            TuneOptions options,
            Supplier<ReplicaOptimizer.Builder> optimizer,
            RandomAccessDataset train,
            RandomAccessDataset test)
            throws IOException, TranslateException {
        try (Model model = Model.newInstance("lenet", replica.devices()[0])) {
            model.setBlock(LeNet.block());
            Shard shard = replica.shard(train, Sharding.parse(options.shard));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(replica.devices())
                            .optOptimizer(optimizer.get().build());
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(options.batchSize).addAll(LeNet.INPUT));
                train(trainer, shard, options.steps);
                Errors errors = new Errors(replica, trainer);
                return new Trial(
                        mean(errors.all(loss(trainer, test))),
                        mean(errors.all(errors.ofOwn(test))),
                        errors.of(test),
                        trainer.getConsensusDistance());
            }
        }
    }

    private static void train(ReplicaTrainer trainer, Shard shard, int steps)
            throws IOException, TranslateException {
        while (trainer.getSteps() < steps) {
            for (Batch batch : trainer.iterateDataset(shard)) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
                batch.close();
                if (trainer.getSteps() == steps) {
                    return;
                }
            }
        }
    }

    private static double loss(ReplicaTrainer trainer, RandomAccessDataset set)
            throws IOException, TranslateException {
        double sum = 0;
        for (Batch batch : set.getData(trainer.getManager())) {
            try (NDArray loss =
                    trainer.getLoss()
                            .evaluate(batch.getLabels(), trainer.evaluateOwn(batch.getData()))) {
                sum += loss.getFloat() * batch.getSize();
            }
            batch.close();
        }
        return sum / set.size();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Returns the trial as a row of a table. */
    public String row() {
        return String.format(
                Locale.ROOT,
                "%-12.4f%-14s%-14s%.4g",
                loss,
                percent(ownError),
                percent(error),
                distance);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * part);
    }
}
