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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * A small network whose graph points into Java's memory wherever DJL lets it: a mask made from
 * Java's floats, attention, and L2Loss, times a number.
 */
public final class PressedNetwork {

    private static final Map<String, Object> OPTIONS = Map.of("learningRate", 0.01, "syncEvery", 1);
    static final Shape INPUT = new Shape(2, 3, 4);

    private PressedNetwork() {}

    /** DJL's loss times a number; memory is collected before the backward pass of some steps. */
    private static final class Loss extends L2Loss {

        private final IntPredicate pressed;
        private int calls;

        Loss(IntPredicate pressed) {
            super("L2Loss", 0.5f);
            this.pressed = pressed;
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            NDArray loss = super.evaluate(labels, predictions).mul(0.7f);
            if (pressed.test(calls++)) {
                AllocationPressure.once(new Random(calls));
            }
            return loss;
        }
    }

    static Model model() {
        Model model = Model.newInstance("pressed", Device.cpu());
        model.setBlock(block());
        return model;
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
     * @return the weights
     */
    public static List<Float> plain(boolean pressed) {
        try (Model model = model()) {
            ReplicaOptimizer optimizer = Optimizer.named("local-sgd", OPTIONS);
            DefaultTrainingConfig config = config(optimizer, step -> pressed && step % 6 == 3);
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
     * @return the weights of both
     */
    public static List<Float> replicas(boolean pressed) {
        List<Float> weights = new ArrayList<>();
        Map<Integer, List<Float>> byReplica = new ConcurrentHashMap<>();
        Replicas.run(
                2,
                replica -> {
                    int a = replica.getRank();
                    IntPredicate steps = step -> pressed && step == 3 + 6 * a;
                    try (Model model = model();
                            Trainer trainer = trainer(replica, model, steps)) {
                        byReplica.put(a, train(trainer));
                    }
                });
        byReplica.forEach((a, own) -> weights.addAll(own));
        return weights;
    }

    static Trainer trainer(Replica replica, Model model) {
        return trainer(replica, model, step -> false);
    }

    private static Trainer trainer(Replica replica, Model model, IntPredicate pressed) {
        return replica.newTrainer(model, config(Optimizer.named("local-sgd", OPTIONS), pressed));
    }

    static DefaultTrainingConfig config(ReplicaOptimizer optimizer) {
        return config(optimizer, step -> false);
    }

    private static DefaultTrainingConfig config(ReplicaOptimizer optimizer, IntPredicate pressed) {
        return new DefaultTrainingConfig(new Loss(pressed))
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(optimizer);
    }

    private static List<Float> train(Trainer trainer) {
        trainer.initialize(INPUT);
        for (int step = 0; step < 12; step++) {
            step(trainer);
        }
        List<Float> weights = new ArrayList<>();
        for (var parameter : trainer.getModel().getBlock().getParameters()) {
            for (float value : parameter.getValue().getArray().toFloatArray()) {
                weights.add(value);
            }
        }
        return weights;
    }

    static void step(Trainer trainer) {
        step(trainer, 1);
    }

    /** On data that a number makes. */
    static void step(Trainer trainer, int data) {
        try (NDManager batch = trainer.getManager().newSubManager()) {
            NDArray x = batch.arange((float) INPUT.size()).mul(data).reshape(INPUT).cos();
            NDArray label = batch.ones(new Shape(2, 3, 2));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList output = trainer.forward(new NDList(x));
                collector.backward(trainer.getLoss().evaluate(new NDList(label), output));
            }
            trainer.step();
        }
    }
}
