package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.SaveModelTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.training.BlockParameters;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/** Our optimizer in DJL's own trainer. */
public class PlainTrainerTest {

    /** An ordinary DJL program, with the import swapped and the listener added. */
    @Test
    public void shouldTrainAnOrdinaryDjlProgram() throws Exception {
        Dataset train = Networks.digits(Dataset.Usage.TRAIN, 1280);
        Dataset test = Networks.digits(Dataset.Usage.TEST, 320);
        ReplicaOptimizer optimizer =
                Optimizer.parle().setLearningRateTracker(Tracker.fixed(0.05f)).build();
        try (Model model = Networks.model(Networks.quiet())) {
            DefaultTrainingConfig config =
                    Networks.config(optimizer)
                            .addTrainingListeners(TrainingListener.Defaults.basic())
                            .addTrainingListeners(optimizer);
            float[] before;
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(Networks.INPUT);
                before = Networks.values(model);
                EasyTrain.fit(trainer, 3, train, test);
                Assert.assertTrue(
                        trainer.getTrainingResult().getValidateEvaluation("Accuracy") > 0.7);
            }
            Assert.assertNotEquals(Networks.values(model), before);
            Assert.assertTrue(accuracy(model, test) > 0.7, "the reference left in the model");
        }
    }

    private static double accuracy(Model model, Dataset test) throws Exception {
        long right = 0;
        long all = 0;
        try (Trainer trainer =
                model.newTrainer(
                        Networks.config(ai.djl.training.optimizer.Optimizer.adam().build()))) {
            for (Batch batch : trainer.iterateDataset(test)) {
                NDArray found = trainer.evaluate(batch.getData()).head().argMax(1);
                NDArray wanted =
                        batch.getLabels().head().flatten().toType(found.getDataType(), false);
                right += found.eq(wanted).sum().getLong();
                all += batch.getSize();
                batch.close();
            }
        }
        return (double) right / all;
    }

    @Test
    public void shouldNameTheMissingListener() throws Exception {
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer = model.newTrainer(Networks.config(Networks.parle()))) {
            trainer.initialize(Networks.INPUT);
            for (Batch batch : trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 32))) {
                EasyTrain.trainBatch(trainer, batch);
                IllegalStateException e =
                        Assert.expectThrows(IllegalStateException.class, trainer::step);
                Assert.assertTrue(
                        e.getMessage().contains(".addTrainingListeners(optimizer)"),
                        e.getMessage());
                batch.close();
            }
        }
    }

    @Test
    public void shouldRefuseASecondTrainer() {
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config = Networks.config(optimizer).addTrainingListeners(optimizer);
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(Networks.INPUT);
            IllegalStateException e =
                    Assert.expectThrows(
                            IllegalStateException.class, () -> model.newTrainer(config));
            Assert.assertTrue(e.getMessage().contains("another trainer"), e.getMessage());
        }
    }

    /** DJL's first step leaves handles on its gradients with the model's manager. */
    @Test
    public void shouldLeaveNoGradientsBehind() throws Exception {
        try (Model model = Networks.model(Networks.quiet())) {
            int arrays = 0;
            NDArray equal = null;
            for (int i = 0; i < 3; i++) {
                ReplicaOptimizer optimizer = Networks.parle();
                try (Trainer trainer =
                        model.newTrainer(
                                Networks.config(optimizer).addTrainingListeners(optimizer))) {
                    trainer.initialize(Networks.INPUT);
                    for (Batch batch :
                            trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 32))) {
                        EasyTrain.trainBatch(trainer, batch);
                        if (equal == null) {
                            equal = gradient(model);
                            equal.attach(model.getNDManager());
                        }
                        trainer.step();
                        batch.close();
                    }
                }
                int now = model.getNDManager().getManagedArrays().size();
                arrays = i == 0 ? now : arrays;
                Assert.assertEquals(now, arrays, "after trainer " + i);
            }
            Assert.assertFalse(equal.isReleased(), "an array of the user's, with equal values");
        }
    }

    private static NDArray gradient(Model model) {
        Parameter first = BlockParameters.of(model.getBlock()).trained().values().iterator().next();
        try (NDArray gradient = first.getArray().getGradient()) {
            return gradient.duplicate();
        }
    }

    /** Saved at the end of an epoch, wherever our listener stands among DJL's. */
    @Test
    public void shouldShowListenersTheReference() throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            Path folder = Files.createTempDirectory("parle");
            ReplicaOptimizer optimizer = Networks.parle();
            DefaultTrainingConfig config = Networks.config(optimizer);
            SaveModelTrainingListener save =
                    new SaveModelTrainingListener(folder.toString(), "net", 1);
            float[][] saved = new float[1][];
            save.setSaveModelCallback(trainer -> saved[0] = Networks.values(trainer.getModel()));
            if (first) {
                config.addTrainingListeners(optimizer, save);
            } else {
                config.addTrainingListeners(save, optimizer);
            }
            try (Model model = Networks.model(Networks.quiet())) {
                try (Trainer trainer = model.newTrainer(config)) {
                    trainer.initialize(Networks.INPUT);
                    EasyTrain.fit(trainer, 1, Networks.digits(Dataset.Usage.TRAIN, 128), null);
                }
                // nothing was trained after the epoch, so what was saved is what is left
                Assert.assertEquals(saved[0], Networks.values(model));
                try (Model loaded = Networks.model(Networks.quiet())) {
                    loaded.load(folder, "net");
                    Assert.assertEquals(Networks.values(loaded), saved[0]);
                }
            }
        }
    }

    @Test
    public void shouldStopEarlyWithTheReferenceInTheModel() throws Exception {
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config =
                Networks.config(optimizer)
                        .addTrainingListeners(TrainingListener.Defaults.basic())
                        .addTrainingListeners(optimizer)
                        .addTrainingListeners(
                                EarlyStoppingListener.builder().optMaxMillis(0).build());
        try (Model model = Networks.model(Networks.quiet())) {
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(Networks.INPUT);
                Dataset digits = Networks.digits(Dataset.Usage.TRAIN, 64);
                Assert.assertThrows(
                        EarlyStoppedException.class,
                        () -> EasyTrain.fit(trainer, 5, digits, digits));
            }
            for (float value : Networks.values(model)) {
                Assert.assertTrue(Float.isFinite(value));
            }
        }
    }

    /** Frozen parameters stay as they were; unfrozen ones train again, from there. */
    @Test
    public void shouldFollowFreezingBetweenEpochs() throws Exception {
        Dataset digits = Networks.digits(Dataset.Usage.TRAIN, 128);
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config = Networks.config(optimizer).addTrainingListeners(optimizer);
        try (Model model = Networks.model(Networks.quiet())) {
            Parameter first = firstLinear(model);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(Networks.INPUT);
                float[] start = first.getArray().toFloatArray();
                EasyTrain.fit(trainer, 1, digits, null);
                float[] trained = first.getArray().toFloatArray();
                Assert.assertNotEquals(trained, start);
                first.freeze(true);
                EasyTrain.fit(trainer, 1, digits, null);
                Assert.assertEquals(first.getArray().toFloatArray(), trained);
                first.freeze(false);
                EasyTrain.fit(trainer, 1, digits, null);
                Assert.assertNotEquals(first.getArray().toFloatArray(), trained);
            }
        }
    }

    static Parameter firstLinear(Model model) {
        Block linear = ((SequentialBlock) model.getBlock()).getChildren().valueAt(1);
        return linear.getParameters().get("weight");
    }

    /** Several backward passes before one step add up. */
    @Test
    public void shouldAddUpGradientsUntilTheStep() throws Exception {
        float[][] ends = new float[2][];
        for (int passes = 1; passes <= 2; passes++) {
            ReplicaOptimizer optimizer =
                    Optimizer.dataParallelSgd()
                            .setLearningRateTracker(Tracker.fixed(0.1f / passes))
                            .optMomentum(0)
                            .build();
            try (Model model = Networks.model(new SequentialBlock().add(Networks.quiet()))) {
                try (Trainer trainer =
                        model.newTrainer(
                                Networks.config(optimizer).addTrainingListeners(optimizer))) {
                    trainer.initialize(Networks.INPUT);
                    fill(model);
                    for (Batch batch :
                            trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 32))) {
                        for (int pass = 0; pass < passes; pass++) {
                            EasyTrain.trainBatch(trainer, batch);
                        }
                        trainer.step();
                        batch.close();
                    }
                }
                ends[passes - 1] = Networks.values(model);
            }
        }
        for (int i = 0; i < ends[0].length; i++) {
            Assert.assertEquals(ends[1][i], ends[0][i], 1e-5);
        }
    }

    /** The same start for every model, without the engine's generator. */
    static void fill(Model model) {
        BlockParameters.of(model.getBlock())
                .trained()
                .values()
                .forEach(
                        parameter -> {
                            NDArray array = parameter.getArray();
                            NDList steps =
                                    new NDList(
                                            array.getManager()
                                                    .arange((float) array.size())
                                                    .reshape(array.getShape()));
                            array.set(new NDIndex("..."), steps.head().sin().mul(0.1f));
                        });
    }
}
