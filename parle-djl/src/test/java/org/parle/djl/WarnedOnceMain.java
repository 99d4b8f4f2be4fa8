package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;

import org.parle.djl.data.Shard;
import org.parle.djl.data.SyntheticDigits;

import java.nio.file.Path;

/** Runs of several replicas, each with something that is said of it. */
final class WarnedOnceMain {

    static final int REPLICAS = 3;

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 96);

    /** What checkpoints are used for. */
    private enum Resume {
        NOT,
        ALL,
        FROM_REFERENCE
    }

    private WarnedOnceMain() {}

    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        Replicas.run(REPLICAS, replica -> train(replica, "choco-sgd", null, Resume.NOT));
        Replicas.run(REPLICAS, replica -> train(replica, "sgd", folder, Resume.ALL));
        Replicas.run(REPLICAS, replica -> train(replica, "sgd", folder, Resume.FROM_REFERENCE));
        Replicas.run(REPLICAS, replica -> train(replica, "sgd", folder, Resume.ALL));
        System.out.println("over");
    }

    private static void train(Replica replica, String optimizer, Path folder, Resume resume)
            throws Exception {
        ReplicaOptimizer.Builder builder =
                Optimizer.named(optimizer).setLearningRateTracker(k -> 0.01f);
        if (optimizer.equals("choco-sgd")) {
            builder.opt("consensusStep", 1);
        }
        DefaultTrainingConfig config =
                Networks.config(builder.build())
                        .addTrainingListeners(TrainingListener.Defaults.basic());
        Shard shard = replica.shard(TRAIN);
        Checkpoints checkpoints = null;
        if (folder != null) {
            checkpoints = Checkpoints.builder().setFolder(folder).optShard(shard).build();
            config.addTrainingListeners(checkpoints);
        }
        try (Model model = Networks.model(Networks.quiet());
                ReplicaTrainer trainer = replica.newTrainer(model, config)) {
            trainer.initialize(Networks.INPUT);
            if (resume == Resume.ALL) {
                checkpoints.resume(trainer);
            } else if (resume == Resume.FROM_REFERENCE) {
                checkpoints.resumeFromReference(trainer, folder);
            }
            EasyTrain.fit(trainer, 1, shard, null);
            if (folder != null) {
                checkpoints.save(trainer);
            }
        }
    }
}
