package org.parle.djl.examples.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

/**
 * LeNet as in CHOCO-SGD's experiments: two convolutions and three dense layers, no batch norm and
 * no dropout, 61,706 parameters, from 1×28×28, seen as 32×32, to ten classes.
 */
public final class LeNet5 {

    private LeNet5() {}

    /**
     * Makes the network.
     *
     * @return a block that is not initialized; it draws nothing as it trains
     */
    public static Block block() {
        SequentialBlock net = new SequentialBlock();
        convolution(net, 6, 2);
        convolution(net, 16, 0);
        net.add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(120).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(84).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(10).build());
        net.setInitializer(
                new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1f),
                Parameter.Type.WEIGHT);
        return net;
    }

    private static void convolution(SequentialBlock net, int filters, int padding) {
        Shape window = new Shape(2, 2);
        net.add(
                        Conv2d.builder()
                                .setFilters(filters)
                                .setKernelShape(new Shape(5, 5))
                                .optPadding(new Shape(padding, padding))
                                .build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(window, window));
    }
}
