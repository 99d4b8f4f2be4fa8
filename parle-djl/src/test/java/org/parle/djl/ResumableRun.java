package org.parle.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.parle.djl.data.Shard;
import org.parle.djl.data.Sharding;
import org.parle.djl.data.SyntheticDigits;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** A small run that can be left and resumed, through either door. Five steps an epoch. */
final class ResumableRun {

    static final int STEPS_PER_EPOCH = 5;

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 160);
    private static final int SEED = 7;

    Supplier<ReplicaOptimizer> optimizer = Networks::parle;
    int replicas = 1;
    boolean drawing;
    boolean script;
    boolean plain;
    boolean drawnStart;
    int epochs = 3;
    String sharding = "full";
    int seed = SEED;
    int every;
    Map<String, Object> settings = new TreeMap<>();

    /** Trains without a stop; gives what each replica ends with. */
    Map<Integer, float[]> train() {
        return run(null, Integer.MAX_VALUE, false, false);
    }

    /** Trains so many steps, writes a checkpoint, and leaves. */
    void trainAndLeave(Path folder, int steps) {
        run(folder, steps, false, false);
    }

    /** Goes on to the end from the newest checkpoint. */
    Map<Integer, float[]> resume(Path folder) {
        return run(folder, Integer.MAX_VALUE, true, false);
    }

    Map<Integer, float[]> resumeFromReference(Path folder) {
        return run(folder, Integer.MAX_VALUE, true, true);
    }

    private Map<Integer, float[]> run(
            Path folder, int stop, boolean resume, boolean fromReference) {
        Map<Integer, float[]> ends = new ConcurrentSkipListMap<>();
        if (drawnStart) {
            Engine.getInstance().setRandomSeed(seed);
        }
        Replicas.builder()
                .optSeed(seed)
                .build(replicas)
                .run(
                        replica -> {
                            Shard shard = replica.shard(TRAIN, Sharding.parse(sharding));
                            Checkpoints checkpoints = checkpoints(folder, stop, shard);
                            ReplicaOptimizer built = optimizer.get();
                            DefaultTrainingConfig config = Networks.config(built);
                            if (checkpoints != null) {
                                config.addTrainingListeners(checkpoints);
                            }
                            if (plain) {
                                config.addTrainingListeners(built);
                                JniUtils.setSeed(seed);
                            }
                            try (Model model = model()) {
                                float[] weights;
                                try (Trainer trainer =
                                        plain
                                                ? model.newTrainer(config)
                                                : replica.newTrainer(model, config)) {
                                    trainer.initialize(Networks.INPUT);
                                    if (!resume && !drawnStart) {
                                        // a resumed run starts from other values, to be replaced
                                        PlainTrainerTest.fill(model);
                                    } else if (resume && fromReference) {
                                        checkpoints.resumeFromReference(trainer, folder);
                                    } else if (resume) {
                                        checkpoints.resume(trainer, folder);
                                    }
                                    weights = train(trainer, shard, stop);
                                }
                                float[] all = everything(model);
                                float[] end = new float[weights.length + all.length];
                                System.arraycopy(weights, 0, end, 0, weights.length);
                                System.arraycopy(all, 0, end, weights.length, all.length);
                                ends.put(replica.getRank(), end);
                            }
                        });
        return ends;
    }

    private Model model() throws Exception {
        if (script) {
            return TorchScriptTest.load();
        }
        return Networks.model(drawing ? Networks.leNet() : Networks.quiet());
    }

    private Checkpoints checkpoints(Path folder, int stop, Shard shard) {
        if (folder == null) {
            return null;
        }
        Checkpoints.Builder builder =
                Checkpoints.builder()
                        .setFolder(folder)
                        .optEvery(every > 0 ? every : stop)
                        .optShard(shard);
        settings.forEach(builder::optSetting);
        return builder.build();
    }

    /** Through EasyTrain, or step by step up to where it is left. */
    private float[] train(Trainer trainer, Shard shard, int stop) throws Exception {
        if (stop == Integer.MAX_VALUE) {
            EasyTrain.fit(trainer, epochs - (int) shard.epoch(), shard, null);
        } else {
            int step = 0;
            while (step < stop) {
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    step++;
                    if (step == stop) {
                        break;
                    }
                }
                if (shard.position().batch() == 0 && step < stop) {
                    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
                }
            }
        }
        return trainer instanceof ReplicaTrainer own
                ? own.getWeights(0).toFloatArray()
                : new float[0];
    }

    /** All values of a model, statistics too, in the block's order. */
    private static float[] everything(Model model) {
        NDList flat = new NDList();
        for (Parameter parameter : model.getBlock().getParameters().values()) {
            flat.add(parameter.getArray().flatten());
        }
        return NDArrays.concat(flat).toFloatArray();
    }
}
