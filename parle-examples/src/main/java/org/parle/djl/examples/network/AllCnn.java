package org.parle.djl.examples.network;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;

/**
 * All-CNN-C (<a href="https://arxiv.org/abs/1412.6806">arXiv 1412.6806</a>, table 1): nine
 * convolutions, two of them with stride 2 in place of pooling, then the mean over what is left of
 * the image. 1,369,738 parameters for ten classes of 3×32×32.
 *
 * <p>As in the Parle paper's experiments there is batch norm after each convolution, 2,516
 * parameters more; without it the rate of 0.1 that the papers train with is too high. Dropout 0.2
 * of the input and 0.5 after each stride of 2. Weights start as PyTorch's layers do.
 */
public final class AllCnn {

    private AllCnn() {}

    /**
     * Makes the network.
     *
     * @param classes how many classes
     * @return a block that is not initialized
     */
    public static Block block(int classes) {
        SequentialBlock net = new SequentialBlock().add(dropout(0.2f));
        convolution(net, 96, 3, 1);
        convolution(net, 96, 3, 1);
        convolution(net, 96, 3, 2);
        net.add(dropout(0.5f));
        convolution(net, 192, 3, 1);
        convolution(net, 192, 3, 1);
        convolution(net, 192, 3, 2);
        net.add(dropout(0.5f));
        convolution(net, 192, 3, 1);
        convolution(net, 192, 1, 1);
        convolution(net, classes, 1, 1);
        net.add(Pool.globalAvgPool2dBlock());
        Layers.asPyTorch(net);
        return net;
    }

    private static void convolution(SequentialBlock net, int filters, int kernel, int stride) {
        Layers.normRelu(net.add(Layers.convolution(filters, kernel, stride, true)));
    }

    private static Block dropout(float rate) {
        return Dropout.builder().optRate(rate).build();
    }
}
