package org.parle.djl.examples.network;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The networks of the papers. */
public class ModelsTest {

    private static final Shape COLOUR = new Shape(3, 32, 32);

    @DataProvider
    public Object[][] sizes() {
        return new Object[][] {
            {"lenet", LeNet.INPUT, 10, 132_220},
            {"lenet5", LeNet.INPUT, 10, 61_706},
            {"mlp", LeNet.INPUT, 10, 1_867_786},
            // 1.37M in the paper; the last number is batch norm's
            {"all-cnn", COLOUR, 10, 1_369_738 + 2_516},
            {"resnet-20", COLOUR, 10, 269_722},
            {"resnet-20", COLOUR, 100, 269_722 + 90 * 65},
            {"wrn-16-4", COLOUR, 10, 2_748_890},
            {"wrn-28-10", COLOUR, 10, 36_479_194},
            {"wrn-28-10", COLOUR, 100, 36_479_194 + 90 * 641},
            {"densenet-100-12", COLOUR, 10, 769_162},
        };
    }

    @Test(dataProvider = "sizes")
    public void shouldHaveAsManyParametersAsPublished(
            String name, Shape image, int classes, long parameters) {
        try (Model model = Model.newInstance(name, Device.cpu())) {
            Block block = Models.block(name, "this", image, classes);
            Shape input = new Shape(2).addAll(image);
            block.initialize(model.getNDManager(), DataType.FLOAT32, input);
            long trained =
                    block.getParameters().values().stream()
                            .filter(Parameter::requiresGradient)
                            .mapToLong(parameter -> parameter.getArray().size())
                            .sum();
            Assert.assertEquals(trained, parameters);
            Assert.assertEquals(
                    block.getOutputShapes(new Shape[] {input}),
                    new Shape[] {new Shape(2, classes)});
        }
    }

    @DataProvider
    public Object[][] small() {
        return new Object[][] {
            {"lenet", LeNet.INPUT},
            {"lenet5", LeNet.INPUT},
            {"mlp", COLOUR},
            {"all-cnn", COLOUR},
            {"resnet-20", COLOUR},
            {"wrn-16-4", COLOUR},
            {"wrn-10-1", LeNet.INPUT},
            {"densenet-100-12", COLOUR},
        };
    }

    @Test(dataProvider = "small")
    public void shouldLearnInOneStep(String name, Shape image) {
        try (Model model = Model.newInstance(name, Device.cpu())) {
            model.getNDManager().getEngine().setRandomSeed(3);
            model.setBlock(Models.block(name, "this", image, 10));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(new Device[] {Device.cpu()})
                            .optOptimizer(
                                    Optimizer.sgd()
                                            .setLearningRateTracker(Tracker.fixed(0.01f))
                                            .build());
            try (Trainer trainer = model.newTrainer(config);
                    NDManager manager = trainer.getManager().newSubManager()) {
                trainer.initialize(new Shape(8).addAll(image));
                NDArray x = manager.randomNormal(new Shape(8).addAll(image));
                NDArray y = manager.arange(8f);
                float before = loss(trainer, x, y);
                Assert.assertEquals(before, Math.log(10), 1.5, "guesses at first");
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList output = trainer.forward(new NDList(x));
                    Assert.assertEquals(output.singletonOrThrow().getShape(), new Shape(8, 10));
                    collector.backward(trainer.getLoss().evaluate(new NDList(y), output));
                }
                trainer.step();
                float after = loss(trainer, x, y);
                Assert.assertTrue(after < before, before + " to " + after);
            }
        }
    }

    /** The loss with the batch's own statistics, and the same dropout each time. */
    private static float loss(Trainer trainer, NDArray x, NDArray y) {
        x.getManager().getEngine().setRandomSeed(5);
        ParameterStore store = new ParameterStore(x.getManager(), false);
        NDList output = trainer.getModel().getBlock().forward(store, new NDList(x), true);
        return trainer.getLoss().evaluate(new NDList(y), output).getFloat();
    }

    @Test
    public void shouldTakeEverySecondPixelInShortcuts() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Block block = ResNet.block(8, 10);
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
            // silent ways leave only what the shortcuts carry
            for (Pair<String, Parameter> parameter : block.getParameters()) {
                boolean gamma = parameter.getValue().getType() == Parameter.Type.GAMMA;
                if (gamma && parameter.getKey().contains("Parallel")) {
                    parameter.getValue().getArray().muli(0);
                }
            }
            float[] plain = output(block, manager, -1);
            // of 8 pixels they carry 0 and 4, and a convolution sees one pixel around
            Assert.assertEquals(output(block, manager, 7), plain);
            Assert.assertNotEquals(output(block, manager, 3), plain);
        }
    }

    /** Returns the output for an image of ones with one other pixel on its diagonal. */
    private static float[] output(Block block, NDManager manager, int spot) {
        NDArray image = manager.ones(new Shape(1, 3, 8, 8));
        if (spot >= 0) {
            image.set(new NDIndex("0, :, {}, {}", spot, spot), 100);
        }
        ParameterStore store = new ParameterStore(manager, false);
        return block.forward(store, new NDList(image), false).head().toFloatArray();
    }
}
