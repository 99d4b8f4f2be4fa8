package org.parle.djl.examples.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer.FactorType;

/**
 * Wide ResNet (<a href="https://arxiv.org/abs/1605.07146">arXiv 1605.07146</a>): 6n + 4 layers in
 * three stages of 16k, 32k and 64k filters, batch norm and ReLU before each convolution. For ten
 * classes of 3×32×32, WRN-16-4 has 2,748,890 parameters and WRN-28-10 has 36,479,194.
 *
 * <p>Where the filters change, the shortcut is a 1×1 convolution of the normed input. Convolutions
 * start as the authors' do, normal with variance 2/(fan-out), the last layer as PyTorch's.
 */
public final class WideResNet {

    private WideResNet() {}

    /**
     * Makes the network.
     *
     * @param depth how many layers with weights, those of the shortcuts among them
     * @param width k, how many times more filters than a ResNet's
     * @param dropout the rate between a block's two convolutions, 0 to leave it out; the paper has
     *     0 or 0.3, Parle's authors 0.25
     * @param classes how many classes
     * @return a block that is not initialized
     * @throws IllegalArgumentException unless the depth is 6n + 4 and the width at least 1
     */
    public static Block block(int depth, int width, double dropout, int classes) {
        if (depth < 10 || depth % 6 != 4 || width < 1) {
            throw new IllegalArgumentException(
                    "A Wide ResNet has 6n + 4 layers and a width of 1 or more, as wrn-16-4 or"
                            + " wrn-28-10, not "
                            + depth
                            + " and "
                            + width);
        }
        SequentialBlock net = new SequentialBlock().add(Layers.convolution(16, 3, 1));
        for (int stage = 0; stage < 3; stage++) {
            int filters = width * (16 << stage);
            for (int i = 0; i < depth / 6; i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                if (i == 0 && filters != 16) {
                    addWidening(net, filters, stride, dropout);
                } else {
                    net.add(
                            Layers.join(
                                    Layers.identity(),
                                    convolutions(
                                            Layers.normRelu(new SequentialBlock()),
                                            filters,
                                            stride,
                                            dropout),
                                    NDArray::add));
                }
            }
        }
        Layers.normRelu(net).add(Pool.globalAvgPool2dBlock());
        Layers.asHe(net, FactorType.OUT);
        Block last = Linear.builder().setUnits(classes).build();
        Layers.asPyTorch(last);
        return net.add(last);
    }

    private static void addWidening(SequentialBlock net, int filters, int stride, double dropout) {
        Layers.normRelu(net)
                .add(
                        Layers.join(
                                Layers.convolution(filters, 1, stride),
                                convolutions(new SequentialBlock(), filters, stride, dropout),
                                NDArray::add));
    }

    private static Block convolutions(
            SequentialBlock way, int filters, int stride, double dropout) {
        Layers.normRelu(way.add(Layers.convolution(filters, 3, stride)));
        if (dropout > 0) {
            way.add(Dropout.builder().optRate((float) dropout).build());
        }
        return way.add(Layers.convolution(filters, 3, 1));
    }
}
