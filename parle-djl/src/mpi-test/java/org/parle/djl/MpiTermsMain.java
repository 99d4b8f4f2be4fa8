package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Transform;

import org.parle.djl.data.Augmentation;
import org.parle.djl.data.Shard;
import org.parle.djl.data.Sharding;
import org.parle.djl.schedule.LearningRates;

import java.nio.file.Path;
import java.util.Arrays;

/** A training of which the last rank has something else than the others. */
final class MpiTermsMain {

    private static final int EPOCHS = 3;

    private MpiTermsMain() {}

    public static void main(String[] args) throws Exception {
        String item = args[0];
        Path folder = Path.of(args[1]);
        boolean last = !"0".equals(System.getenv("OMPI_COMM_WORLD_RANK"));
        Replicas.builder()
                .optSeed(last && item.equals("seed") ? 2 : 1)
                .build(Replicas.processes())
                .run(replica -> train(replica, last ? item : "nothing", item, folder));
        System.out.println("trained on");
    }

    private static void train(Replica replica, String other, String item, Path folder)
            throws Exception {
        if (other.equals("processor")) {
            JniUtils.setNumThreads(2);
        }
        Shard shard;
        try (NDManager manager = NDManager.newBaseManager();
                Model model = Model.newInstance("terms")) {
            shard =
                    replica.shard(
                            set(manager, other),
                            sharding(other, item),
                            other.equals("augmentation")
                                    ? Augmentation.zeros()
                                    : Augmentation.none());
            if (item.equals("own item")) {
                replica.mustAgree("weather", other.equals("own item") ? "rain" : "sun");
            }
            model.setBlock(
                    new SequentialBlock()
                            .add(Blocks.batchFlattenBlock())
                            .add(Linear.builder().setUnits(2).build()));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss())
                            .optDevices(replica.devices())
                            .optOptimizer(optimizer(other, item));
            if (item.equals("checkpoints")) {
                Checkpoints.Builder builder = Checkpoints.builder().setFolder(folder);
                config.addTrainingListeners(
                        (other.equals("checkpoints") ? builder : builder.optEvery(1)).build());
            }
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(4, 1, 8, 8));
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    epoch(trainer, shard, other);
                }
            }
            System.out.println("bits " + Arrays.hashCode(Networks.values(model)));
        }
    }

    private static void epoch(ReplicaTrainer trainer, Shard shard, String other) throws Exception {
        for (Batch batch : trainer.iterateDataset(shard)) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
            batch.close();
        }
        if (other.equals("weights")) {
            trainer.getWeights(0).addi(1e-3f);
        } else if (other.equals("processor")) {
            // as much as rounding may be
            trainer.getWeights(0).muli(1.000001f);
        }
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    }

    private static ReplicaOptimizer optimizer(String other, String item) {
        ReplicaOptimizer.Builder builder =
                Optimizer.named("sgd").setLearningRateTracker(tracker(other, item));
        if (other.equals("options")) {
            builder.opt("momentum", 0.5);
        }
        return builder.build();
    }

    private static Tracker tracker(String other, String item) {
        return switch (item) {
            case "rate" -> Tracker.fixed(other.equals("rate") ? 0.02f : 0.01f);
            case "schedule" -> LearningRates.steps(0.01, 0.1, other.equals("schedule") ? 60 : 6);
            case "tracker" -> other.equals("tracker") ? k -> 0.01f : Tracker.fixed(0.01f);
            default -> Tracker.fixed(0.01f);
        };
    }

    private static Sharding sharding(String other, String item) {
        return switch (item) {
            case "sharding" ->
                    other.equals("sharding") ? Sharding.disjoint() : Sharding.reshuffled();
            case "own sets" -> Sharding.own();
            default -> Sharding.full();
        };
    }

    private static ArrayDataset set(NDManager manager, String other) {
        int items = other.equals("set") || other.equals("own sets") ? 31 : 32;
        ArrayDataset.Builder builder =
                new ArrayDataset.Builder()
                        .setData(manager.ones(new Shape(items, 1, 8, 8)))
                        .optLabels(manager.ones(new Shape(items, 2)))
                        .setSampling(other.equals("batch size") ? 8 : 4, false);
        return (other.equals("transforms") ? builder.addTransform(new Same()) : builder).build();
    }

    private static final class Same implements Transform {

        @Override
        public NDArray transform(NDArray array) {
            return array;
        }
    }
}
