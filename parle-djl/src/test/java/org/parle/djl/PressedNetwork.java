package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.L2Loss;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * A small network whose graph points into Java's memory wherever DJL lets it: a mask made from
 * Java's floats, attention, and L2Loss, times a number.
 */
public final class PressedNetwork {

    private static final Map<String, Object> OPTIONS = Map.of("learningRate", 0.01, "syncEvery", 1);
    private static final Shape INPUT = new Shape(2, 3, 4);

    private PressedNetwork() {}

    /** DJL's loss times a number; now and then memory is collected before the backward pass. */
    private static final class Loss extends L2Loss {

        private final boolean pressed;
        private int calls;

        Loss(boolean pressed) {
            super("L2Loss", 0.5f);
            this.pressed = pressed;
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            NDArray loss = super.evaluate(labels, predictions).mul(0.7f);
            if (pressed && calls++ % 6 == 3) {
                AllocationPressure.once(new Random(calls));
            }
            return loss;
        }
    }

    private static Block block() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(4).build())
                        .add(
                                ScaledDotProductAttentionBlock.builder()
                                        .setEmbeddingSize(4)
                                        .setHeadCount(2)
                                        .optAttentionProbsDropoutProb(0f)
                                        .build())
                        .add(new LambdaBlock(PressedNetwork::masked, "masked"))
                        .add(Linear.builder().setUnits(2).build());
        block.setInitializer(
                (manager, shape, type) -> manager.arange((float) shape.size()).sin().reshape(shape),
                Parameter.Type.WEIGHT);
        return block;
    }

    private static NDList masked(NDList input) {
        NDArray x = input.head();
        float[] mask = new float[(int) x.size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % 3;
        }
        return new NDList(x.getManager().create(mask).reshape(x.getShape()).mul(x).mul(1.5f));
    }

    /**
     * Trains in DJL's own trainer.
     *
     * @param pressed whether memory is collected in steps
     * @return the bits of the weights
     */
    public static int plain(boolean pressed) {
        try (Model model = Model.newInstance("pressed", Device.cpu())) {
            model.setBlock(block());
            ReplicaOptimizer optimizer = Optimizer.named("local-sgd", OPTIONS);
            DefaultTrainingConfig config = config(optimizer, pressed);
            config.addTrainingListeners(optimizer);
            try (Trainer trainer = model.newTrainer(config)) {
                return train(trainer);
            }
        }
    }

    /**
     * Trains as two replicas on threads, which this library's trainer does.
     *
     * @param pressed whether memory is collected in steps
     * @return the bits of the weights
     */
    public static int replicas(boolean pressed) {
        int[] bits = new int[2];
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Model.newInstance("pressed", Device.cpu())) {
                        model.setBlock(block());
                        DefaultTrainingConfig config =
                                config(Optimizer.named("local-sgd", OPTIONS), pressed);
                        try (Trainer trainer = replica.newTrainer(model, config)) {
                            bits[replica.getRank()] = train(trainer);
                        }
                    }
                });
        return 31 * bits[0] + bits[1];
    }

    private static DefaultTrainingConfig config(ReplicaOptimizer optimizer, boolean pressed) {
        return new DefaultTrainingConfig(new Loss(pressed))
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(optimizer);
    }

    private static int train(Trainer trainer) {
        trainer.initialize(INPUT);
        for (int step = 0; step < 12; step++) {
            try (NDManager batch = trainer.getManager().newSubManager()) {
                NDArray x = batch.arange((float) INPUT.size()).reshape(INPUT).cos();
                NDArray label = batch.ones(new Shape(2, 3, 2));
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList output = trainer.forward(new NDList(x));
                    collector.backward(trainer.getLoss().evaluate(new NDList(label), output));
                }
                trainer.step();
            }
        }
        int bits = 0;
        for (var parameter : trainer.getModel().getBlock().getParameters()) {
            bits = 31 * bits + Arrays.hashCode(parameter.getValue().getArray().toFloatArray());
        }
        return bits;
    }
}
