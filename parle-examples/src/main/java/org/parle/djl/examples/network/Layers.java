package org.parle.djl.examples.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

import java.util.List;
import java.util.function.BinaryOperator;

/** What several of the networks are made of. */
final class Layers {

    private Layers() {}

    /** Returns a square convolution that keeps the image's size at stride 1, without bias. */
    static Conv2d convolution(int filters, int kernel, int stride) {
        return convolution(filters, kernel, stride, false);
    }

    /** Returns a square convolution that keeps the image's size at stride 1. */
    static Conv2d convolution(int filters, int kernel, int stride, boolean bias) {
        int padding = kernel / 2;
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .optBias(bias)
                .build();
    }

    /** Adds batch norm and ReLU. */
    static SequentialBlock normRelu(SequentialBlock net) {
        return net.add(BatchNorm.builder().build()).add(Activation::relu);
    }

    /** Returns two ways side by side, from the same input, and what joins their outputs. */
    static Block join(Block one, Block other, BinaryOperator<NDArray> by) {
        return new ParallelBlock(
                outputs ->
                        new NDList(
                                by.apply(
                                        outputs.get(0).singletonOrThrow(),
                                        outputs.get(1).singletonOrThrow())),
                List.of(one, other));
    }

    static Block identity() {
        return Blocks.identityBlock();
    }

    /** Weights as PyTorch's layers start: uniform within ±1/√(fan-in). */
    static void asPyTorch(Block net) {
        start(net, RandomType.UNIFORM, FactorType.IN, 1f);
    }

    /** Weights as K. He et al. (arXiv 1502.01852) have them: normal, of variance 2/(fan). */
    static void asHe(Block net, FactorType fan) {
        start(net, RandomType.GAUSSIAN, fan, 2f);
    }

    private static void start(Block net, RandomType random, FactorType fan, float magnitude) {
        Initializer initializer = new XavierInitializer(random, fan, magnitude);
        net.setInitializer(initializer, Parameter.Type.WEIGHT);
    }
}
