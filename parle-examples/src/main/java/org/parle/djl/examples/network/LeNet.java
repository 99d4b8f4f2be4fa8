package org.parle.djl.examples.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

/**
 * LeNet as in the Parle paper's experiments: two convolutions and two dense layers with batch norm
 * and dropout, 132,220 trained parameters, from 1×28×28 to ten classes.
 *
 * <p>Weights start uniform within ±1/√(fan-in), as PyTorch's layers do. With batch norm the scale
 * of the weights sets the effective learning rate, so DJL's default, which is wider, learns more
 * slowly at the same rate.
 */
public final class LeNet {

    /** The shape of one input: channels, height, width. */
    public static final Shape INPUT = new Shape(1, 28, 28);

    private LeNet() {}

    /**
     * Makes the network.
     *
     * @return a block that is not initialized
     */
    public static Block block() {
        SequentialBlock net = new SequentialBlock();
        convolution(net, 20, 3);
        convolution(net, 50, 2);
        net.add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(500).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(dropout())
                .add(Linear.builder().setUnits(10).build());
        net.setInitializer(
                new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1f),
                Parameter.Type.WEIGHT);
        return net;
    }

    private static void convolution(SequentialBlock net, int filters, int pool) {
        Shape window = new Shape(pool, pool);
        net.add(Conv2d.builder().setFilters(filters).setKernelShape(new Shape(5, 5)).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(window, window))
                .add(dropout());
    }

    private static Block dropout() {
        return Dropout.builder().optRate(0.25f).build();
    }
}
