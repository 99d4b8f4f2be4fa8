package org.parle.djl.examples.command;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.Optimizer;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.dataset.DataSets;
import org.parle.djl.examples.network.LeNet;
import org.parle.djl.examples.network.Pretrained;
import org.testng.Assert;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Models from a zoo with a new head. */
public class FineTuneTest {

    private static final int TEST_ITEMS = 200;
    private static final String SHORT =
            " --replicas 2 --train-size 640 --sync-every 5 --test-size " + TEST_ITEMS;

    private String zoo;
    private DataSets sets;

    @BeforeClass
    public void makeZoo() throws IOException {
        zoo = TinyZoo.make();
        sets = new DataSets();
    }

    @AfterClass
    public void close() {
        sets.close();
    }

    @Test
    public void shouldFineTuneATorchScriptModelFromAZoo() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Outcome outcome =
                Command.type(
                        "fine-tune --model "
                                + zoo
                                + SHORT
                                + " --learning-rate 0.01 --epochs 3 --output "
                                + folder);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(outcome.out().contains("epoch 1  head only"), outcome.out());
        Assert.assertTrue(outcome.out().contains("epoch 2  all"), outcome.out());
        double error = error(folder);
        Assert.assertTrue(error < 0.6, "error " + error);
        String shown = String.format(Locale.ROOT, "epoch 3  all        %s", percent(error));
        Assert.assertTrue(outcome.out().contains(shown), shown + " in " + outcome.out());
    }

    @Test
    public void shouldFineTuneABlockOfDjlsLayers() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Outcome trained =
                Command.type("train --epochs 1 --batch-size 32 --output " + folder + SHORT);
        Assert.assertEquals(trained.code(), 0, trained.err());
        Outcome outcome =
                Command.type(
                        "fine-tune --block lenet --epochs 2 --model " + folder.toUri() + SHORT);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(outcome.out().contains("epoch 2  all"), outcome.out());

        try (Pretrained pretrained =
                        Pretrained.load(folder.toUri().toString(), "lenet", Device.cpu());
                Model saved = Model.newInstance("lenet", Device.cpu())) {
            saved.setBlock(LeNet.block());
            saved.load(folder);
            Parameter filters = saved.getBlock().getParameters().valueAt(0);
            Parameter body = pretrained.network(1, 28).getParameters().valueAt(0);
            Assert.assertEquals(body.getArray().toFloatArray(), filters.getArray().toFloatArray());
        }
    }

    /** DJL's own way, with the optimizer swapped: the body follows what it is told each epoch. */
    @Test
    public void shouldTrainTheBodyOnlyInEpochsInWhichItIsNotFrozen() throws Exception {
        ReplicaOptimizer optimizer =
                Optimizer.parle()
                        .setLearningRateTracker(Tracker.fixed(0.01f))
                        .opt("inner", "adamw")
                        .optSyncEvery(5)
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optDevices(new Device[] {Device.cpu()})
                        .optOptimizer(optimizer)
                        .addTrainingListeners(optimizer);
        RandomAccessDataset train = digits(Usage.TRAIN, 640);
        try (Pretrained pretrained = load();
                Model model = Model.newInstance("fine-tuned", Device.cpu())) {
            model.setBlock(pretrained.network(1, 28));
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(32, 1, 28, 28));
                byte[] start = values(model, true);
                byte[] head = values(model, false);
                pretrained.freeze(true);
                EasyTrain.fit(trainer, 1, train, null);
                Assert.assertEquals(values(model, true), start);
                Assert.assertNotEquals(values(model, false), head);
                pretrained.freeze(false);
                EasyTrain.fit(trainer, 1, train, null);
                byte[] trained = values(model, true);
                Assert.assertNotEquals(trained, start);
                pretrained.freeze(true);
                EasyTrain.fit(trainer, 1, train, null);
                Assert.assertEquals(values(model, true), trained);
            }
        }
    }

    @Test
    public void shouldSayWhereThereIsNoModel() {
        Outcome outcome = Command.type("fine-tune --model file:///nowhere" + SHORT);
        Assert.assertEquals(outcome.code(), Failures.BAD_USAGE, outcome.err());
        Assert.assertTrue(
                outcome.err().contains("there is no model at file:///nowhere"), outcome.err());
    }

    /** Returns the bytes of the module's parameters, or of all others. */
    private static byte[] values(Model model, boolean inModule) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (var pair : model.getBlock().getParameters()) {
            Parameter parameter = pair.getValue();
            boolean ofModule = pair.getKey().contains("SymbolBlock");
            if (ofModule == inModule && parameter.isInitialized()) {
                parameter.save(new DataOutputStream(bytes));
            }
        }
        Assert.assertTrue(bytes.size() > 0, model.getBlock().getParameters().keys().toString());
        return bytes.toByteArray();
    }

    private Pretrained load() throws Exception {
        return Pretrained.load(zoo, "torchscript", Device.cpu());
    }

    private RandomAccessDataset digits(Usage usage, int size) throws Exception {
        return sets.load("digits", null, usage, 32, size);
    }

    private static String percent(double error) {
        return String.format(Locale.ROOT, "validation error %.2f %%", 100 * error);
    }

    /** Returns the error of the saved network, loaded by DJL. */
    private double error(Path folder) throws Exception {
        long wrong = 0;
        RandomAccessDataset test = digits(Usage.TEST, TEST_ITEMS);
        try (Pretrained pretrained = load();
                Model model = Model.newInstance("fine-tuned", Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            model.setBlock(pretrained.network(1, 28));
            model.load(folder);
            for (Batch batch : test.getData(manager)) {
                ParameterStore store = new ParameterStore(manager, false);
                NDList output = model.getBlock().forward(store, batch.getData(), false);
                NDArray found = output.head().argMax(1);
                NDArray label = batch.getLabels().head().flatten();
                wrong +=
                        batch.getSize()
                                - found.eq(label.toType(found.getDataType(), false))
                                        .sum()
                                        .getLong();
                batch.close();
            }
        }
        return (double) wrong / TEST_ITEMS;
    }
}
