package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.data.SyntheticDigits;

import java.time.Duration;

/** One process of {@link MpiFailureTest}: trains until rank 1 does what is asked for. */
final class MpiFailureMain {

    private MpiFailureMain() {}

    public static void main(String[] args) {
        String what = args[0];
        Replicas.builder()
                .optTimeout(Duration.ofSeconds(8))
                .build(3)
                .run(replica -> train(replica, what));
    }

    private static void train(Replica replica, String what) throws Exception {
        boolean wrong = replica.getRank() == 1;
        SyntheticDigits train = Networks.digits(Dataset.Usage.TRAIN, 320);
        ReplicaOptimizer optimizer =
                Optimizer.parle()
                        .setLearningRateTracker(Tracker.fixed(0.05f))
                        .optSyncEvery(wrong && what.equals("option") ? 7 : 3)
                        .build();
        try (Model model = Networks.model(Networks.quiet());
                ReplicaTrainer trainer = replica.newTrainer(model, Networks.config(optimizer))) {
            trainer.initialize(Networks.INPUT);
            long pid = ProcessHandle.current().pid();
            System.out.println("rank " + replica.getRank() + " has pid " + pid);
            for (int epoch = 0; epoch < 100_000; epoch++) {
                for (Batch batch : trainer.iterateDataset(replica.shard(train))) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                }
                if (epoch == 1) {
                    System.out.println("rank " + replica.getRank() + " trains");
                }
                // they have synchronised since, so that all have printed their lines
                if (epoch == 2 && wrong) {
                    fail(what);
                }
            }
        }
    }

    private static void fail(String what) throws InterruptedException {
        switch (what) {
            case "worker" ->
                    new Thread(
                                    () -> {
                                        throw new IllegalStateException("no more data");
                                    })
                            .start();
            case "body" -> throw new IllegalStateException("no more data");
            case "exit" -> System.exit(3);
            case "sleep" -> Thread.sleep(1_000_000);
            default -> {}
        }
    }
}
