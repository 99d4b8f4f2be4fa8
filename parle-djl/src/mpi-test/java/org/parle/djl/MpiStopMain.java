package org.parle.djl;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.parle.djl.data.Shard;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A training that ends before its time: on request, by a failure, or at its start. */
final class MpiStopMain {

    private MpiStopMain() {}

    public static void main(String[] args) {
        String how = args[0];
        int syncEvery = Integer.parseInt(args[1]);
        Replicas replicas = Replicas.builder().build(Replicas.processes());
        try {
            replicas.run(replica -> train(replica, replicas, how, syncEvery));
        } catch (ReplicasStoppedException e) {
            System.out.println("stopped after " + e.getSteps());
        }
    }

    private static void train(Replica replica, Replicas replicas, String how, int syncEvery)
            throws Exception {
        boolean last = replica.getRank() == replica.getSize() - 1;
        try (Model model = Networks.model(block(how.equals("differ") && last ? 11 : 10));
                Trainer trainer =
                        replica.newTrainer(
                                model,
                                Networks.config(
                                        Optimizer.named(
                                                "local-sgd",
                                                Map.of(
                                                        "learningRate",
                                                        0.01,
                                                        "syncEvery",
                                                        syncEvery))))) {
            trainer.initialize(Networks.INPUT);
            Shard shard = replica.shard(Networks.digits(Dataset.Usage.TRAIN, 640));
            if (how.equals("stop") && last) {
                new Thread(() -> later(replicas)).start();
            }
            long step = 0;
            while (true) {
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    step++;
                    if (how.equals("throw") && last && step == 50) {
                        System.out.println("throws at " + System.currentTimeMillis());
                        throw new IllegalArgumentException("the user's own");
                    }
                }
            }
        }
    }

    private static void later(Replicas replicas) {
        try {
            TimeUnit.MILLISECONDS.sleep(700);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replicas.stop();
    }

    private static Block block(int units) {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(units).build());
    }
}
