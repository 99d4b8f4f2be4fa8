package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;

import org.parle.djl.data.SyntheticDigits;
import org.parle.djl.training.BlockParameters;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Small networks and data for tests. */
final class Networks {

    static final Shape INPUT = new Shape(32, 1, 28, 28);

    private Networks() {}

    /** LeNet: draws dropout masks, and keeps batch-norm statistics. */
    static Block leNet() {
        return new SequentialBlock()
                .add(convolution(20))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(3, 3)))
                .add(dropout())
                .add(convolution(50))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(dropout())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(500).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(dropout())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block convolution(int filters) {
        return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(5, 5)).build();
    }

    private static Block dropout() {
        return Dropout.builder().optRate(0.25f).build();
    }

    /** Draws nothing; with batch norm. */
    static Block quiet() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(10).build());
    }

    static Model model(Block block) {
        Model model = Model.newInstance("net", Device.cpu());
        model.setBlock(block);
        return model;
    }

    static ReplicaOptimizer parle() {
        return Optimizer.parle()
                .setLearningRateTracker(Tracker.fixed(0.05f))
                .optSyncEvery(3)
                .optBatchNormBatches(2)
                .build();
    }

    static DefaultTrainingConfig config(ai.djl.training.optimizer.Optimizer optimizer) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .addEvaluator(new Accuracy())
                .optOptimizer(optimizer);
    }

    static SyntheticDigits digits(Dataset.Usage usage, int size) {
        try {
            SyntheticDigits digits =
                    SyntheticDigits.builder()
                            .optUsage(usage)
                            .optSize(size)
                            .setSampling(32, false)
                            .build();
            digits.prepare();
            return digits;
        } catch (IOException | TranslateException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** All trained values of a model, in the block's order. */
    static float[] values(Model model) {
        NDList flat = new NDList();
        BlockParameters.of(model.getBlock())
                .trained()
                .values()
                .forEach(parameter -> flat.add(parameter.getArray().flatten()));
        return NDArrays.concat(flat).toFloatArray();
    }
}
