package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** Gradients are right whatever the collector does meanwhile. */
public class StepMemoryTest {

    private static final int TRAININGS = 100;
    private static final int PASSES = 5;

    /** Of two collections in each training; a JVM of its own has little else to collect. */
    @Test
    public void bothDoorsUnderAllocationPressure() throws Exception {
        String text = Jvm.pressed(PressureMain.class, TRAININGS);
        for (String door : List.of("plain", "replicas")) {
            String line = PressureMain.line(door, TRAININGS);
            Assert.assertTrue(text.contains(line), line + " in " + text);
        }
    }

    /** DJL computes them with the model's manager, which is above the trainer's. */
    @Test
    public void numbersWithParametersInThePlainTrainer() {
        try (Model model = Model.newInstance("scaled", Device.cpu())) {
            ConstantBlock block = new ConstantBlock();
            model.setBlock(block);
            ReplicaOptimizer optimizer = optimizer();
            DefaultTrainingConfig config = config(optimizer).addTrainingListeners(optimizer);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(ConstantBlock.SHAPE);
                for (int pass = 0; pass < PASSES; pass++) {
                    try (NDManager batch = trainer.getManager().newSubManager();
                            GradientCollector collector = trainer.newGradientCollector()) {
                        NDArray x = batch.ones(ConstantBlock.SHAPE);
                        NDArray loss = trainer.forward(new NDList(x)).head().sum();
                        press();
                        collector.backward(loss);
                    }
                }
                float[] gradient = block.weight().getArray().getGradient().toFloatArray();
                Assert.assertEquals(gradient, ConstantBlock.filled(0.5f * PASSES));
            }
        }
    }

    /** An output may be a view of what a block made from Java's values. */
    @Test
    public void outputsInJavaMemory() {
        Replicas.run(
                1,
                replica -> {
                    try (Model model = Model.newInstance("constant", Device.cpu())) {
                        model.setBlock(new ConstantBlock());
                        try (ReplicaTrainer trainer =
                                replica.newTrainer(model, config(optimizer()))) {
                            trainer.initialize(ConstantBlock.SHAPE);
                            outputsInJavaMemory(trainer);
                        }
                    }
                });
    }

    private static void outputsInJavaMemory(ReplicaTrainer trainer) {
        try (NDManager batch = trainer.getManager().newSubManager()) {
            NDList input = new NDList(batch.ones(ConstantBlock.SHAPE));
            NDList output = trainer.evaluate(input);
            press();
            Assert.assertEquals(output.get(1).toFloatArray(), ConstantBlock.filled(2));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                output = trainer.forward(input);
                collector.backward(output.head().sum());
            }
            trainer.step();
            press();
            Assert.assertEquals(output.get(1).toFloatArray(), ConstantBlock.filled(2));
        }
    }

    private static void press() {
        for (int i = 0; i < PASSES; i++) {
            AllocationPressure.once(new Random(i));
        }
    }

    private static ReplicaOptimizer optimizer() {
        return Optimizer.named("local-sgd", Map.of("learningRate", 0.01, "syncEvery", 1));
    }

    private static DefaultTrainingConfig config(ReplicaOptimizer optimizer) {
        return new DefaultTrainingConfig(Loss.l2Loss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(optimizer);
    }
}
