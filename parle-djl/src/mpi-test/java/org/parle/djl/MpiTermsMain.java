package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.data.Shard;
import org.parle.djl.training.Runs;

import java.nio.file.Path;
import java.util.Arrays;

/** A training of which the last rank has something else than the others. */
final class MpiTermsMain {

    private static final int EPOCHS = 3;
    private static final int BATCHES = 8;

    private MpiTermsMain() {}

    public static void main(String[] args) throws Exception {
        String item = args[0];
        Path folder = Path.of(args[1]);
        boolean last = !"0".equals(System.getenv("OMPI_COMM_WORLD_RANK"));
        Replicas.builder()
                .optSeed(last && item.equals("seed") ? 2 : 1)
                .build(Replicas.processes())
                .run(replica -> train(replica, new MpiTermsParts(item, last), folder));
        System.out.println("trained on");
    }

    private static void train(Replica replica, MpiTermsParts parts, Path folder) throws Exception {
        if (parts.differ("processor")) {
            JniUtils.setNumThreads(2);
        }
        try (NDManager manager = NDManager.newBaseManager();
                Model model = Model.newInstance("terms")) {
            Shard shard = replica.shard(parts.set(manager), parts.sharding(), parts.augmentation());
            if (parts.is("own item")) {
                replica.mustAgree("weather", parts.differ("own item") ? "rain" : "sun");
            }
            model.setBlock(parts.block());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss())
                            .optDevices(parts.devices())
                            .optOptimizer(parts.optimizer());
            if (parts.is("checkpoints") || parts.is("at a checkpoint")) {
                Checkpoints.Builder builder = Checkpoints.builder().setFolder(folder);
                boolean often = !parts.differ("checkpoints");
                config.addTrainingListeners((often ? builder.optEvery(2) : builder).build());
            }
            System.out.println(MpiTermsTest.REACHED + System.currentTimeMillis());
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                if (parts.differ("frozen")) {
                    model.getBlock().freezeParameters(true, p -> p.getName().equals("bias"));
                }
                trainer.initialize(new Shape(4, 1, 8, 8));
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    epoch(trainer, shard, parts);
                    if (parts.is("later item") && epoch == 1) {
                        replica.mustAgree("noise", parts.differ("later item") ? 0.2 : 0.1);
                    }
                }
            }
            System.out.println("bits " + Arrays.hashCode(Networks.values(model)));
        }
    }

    private static void epoch(ReplicaTrainer trainer, Shard shard, MpiTermsParts parts)
            throws Exception {
        for (Batch batch : trainer.iterateDataset(shard)) {
            boolean leftOut = parts.differ("steps") && trainer.getSteps() == BATCHES - 1;
            if (!leftOut) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
            }
            batch.close();
            if (parts.differ("at a checkpoint") && trainer.getSteps() == 3) {
                trainer.getWeights(0).addi(1e-3f);
            }
        }
        if (parts.differ("weights")) {
            trainer.getWeights(0).addi(1e-3f);
        } else if (parts.vector() != null) {
            Algorithm algorithm =
                    Runs.of(trainer).replicas().algorithms().stream().findFirst().orElseThrow();
            // what is in flight would overwrite it
            algorithm.settle();
            algorithm.state().equalVectors().get(parts.vector()).addi(1e-3f);
        } else if (parts.differ("processor")) {
            // as much as rounding may be
            trainer.getWeights(0).muli(1.000001f);
        }
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        if (parts.differ("at the close") && trainer.getSteps() == EPOCHS * BATCHES) {
            trainer.getWeights(0).addi(1e-3f);
        }
    }
}
