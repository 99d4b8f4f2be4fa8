package org.parle.djl;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.data.Shard;
import org.parle.djl.data.SyntheticDigits;

import java.nio.file.Path;

/**
 * A program that may be killed at any instant and started again: arguments are a folder for
 * checkpoints (or nothing), one for the model, how many replicas, how many epochs of five steps,
 * and the optimizer. One replica in a process draws dropout masks, several do not.
 */
final class KilledMain {

    static final String READY = "ready";

    private KilledMain() {}

    public static void main(String[] args) {
        int replicas = Integer.parseInt(args[2]);
        int epochs = Integer.parseInt(args[3]);
        SyntheticDigits train = Networks.digits(Dataset.Usage.TRAIN, 160);
        System.out.println(READY);
        Replicas.builder()
                .optSeed(3)
                .optEngineThreads(1)
                .build(replicas)
                .run(
                        replica -> {
                            long pid = ProcessHandle.current().pid();
                            System.out.println("rank " + replica.getRank() + " has pid " + pid);
                            Shard shard = replica.shard(train);
                            Checkpoints checkpoints =
                                    Checkpoints.builder()
                                            .setFolder(Path.of(args[0]))
                                            .optEvery(2)
                                            .optShard(shard)
                                            .build();
                            DefaultTrainingConfig config = Networks.config(optimizer(args[4]));
                            if (!args[0].isEmpty()) {
                                config.addTrainingListeners(checkpoints);
                            }
                            try (Model model =
                                    Networks.model(
                                            replicas == Replicas.processes()
                                                    ? drawing()
                                                    : Networks.quiet())) {
                                try (Trainer trainer = replica.newTrainer(model, config)) {
                                    trainer.initialize(Networks.INPUT);
                                    PlainTrainerTest.fill(model);
                                    if (!args[0].isEmpty()) {
                                        checkpoints.resume(trainer);
                                    }
                                    EasyTrain.fit(
                                            trainer, epochs - (int) shard.epoch(), shard, null);
                                }
                                if (replica.isFirst()) {
                                    model.save(Path.of(args[1]), "net");
                                }
                            }
                        });
    }

    private static ReplicaOptimizer optimizer(String name) {
        return name.equals("parle")
                ? Networks.parle()
                : Optimizer.named(name).setLearningRateTracker(Tracker.fixed(0.05f)).build();
    }

    /** Small: most of the time goes into writing, so that most kills come in between. */
    private static Block drawing() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(16).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.25f).build())
                .add(Linear.builder().setUnits(10).build());
    }
}
