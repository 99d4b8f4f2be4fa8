package org.parle.djl.examples.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer.FactorType;

/**
 * The residual network for CIFAR (<a href="https://arxiv.org/abs/1512.03385">arXiv 1512.03385</a>,
 * section 4.2): 6n + 2 layers in three stages of 16, 32 and 64 filters. ResNet-20 has 269,722
 * parameters for ten classes of 3×32×32.
 *
 * <p>Shortcuts are the paper's option A: where a stage halves the image, every second pixel, and
 * zeros for the new filters, so that shortcuts have no parameters. Weights start as the paper's,
 * normal with variance 2/(fan-in).
 */
public final class ResNet {

    private ResNet() {}

    /**
     * Makes the network.
     *
     * @param depth how many layers with weights: 20, 32, 44, 56, 110 in the paper
     * @param classes how many classes
     * @return a block that is not initialized
     * @throws IllegalArgumentException unless the depth is 6n + 2
     */
    public static Block block(int depth, int classes) {
        if (depth < 8 || depth % 6 != 2) {
            throw new IllegalArgumentException(
                    "A ResNet for CIFAR has 6n + 2 layers, as 20 or 32, not " + depth);
        }
        SequentialBlock net = new SequentialBlock().add(Layers.convolution(16, 3, 1));
        Layers.normRelu(net);
        for (int stage = 0; stage < 3; stage++) {
            for (int i = 0; i < depth / 6; i++) {
                net.add(residual(16 << stage, stage > 0 && i == 0));
                net.add(Activation::relu);
            }
        }
        net.add(Pool.globalAvgPool2dBlock()).add(Linear.builder().setUnits(classes).build());
        Layers.asHe(net, FactorType.IN);
        return net;
    }

    private static Block residual(int filters, boolean halve) {
        SequentialBlock way = new SequentialBlock();
        Layers.normRelu(way.add(Layers.convolution(filters, 3, halve ? 2 : 1)));
        way.add(Layers.convolution(filters, 3, 1)).add(BatchNorm.builder().build());
        return Layers.join(halve ? halved() : Layers.identity(), way, NDArray::add);
    }

    /** The shortcut of option A. */
    private static Block halved() {
        return new SequentialBlock()
                // a window of one pixel: every second one
                .add(Pool.avgPool2dBlock(new Shape(1, 1), new Shape(2, 2)))
                .add(LambdaBlock.singleton(x -> NDArrays.concat(new NDList(x, x.zerosLike()), 1)));
    }
}
