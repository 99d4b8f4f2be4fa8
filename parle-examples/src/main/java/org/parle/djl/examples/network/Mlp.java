package org.parle.djl.examples.network;

import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;

/**
 * A fully connected network with two hidden layers of 1,024 units, batch norm, ReLU and dropout, as
 * in Entropy-SGD's experiments (<a href="https://arxiv.org/abs/1611.01838">arXiv 1611.01838</a>):
 * 1,867,786 parameters for ten classes of 1×28×28. Weights start as PyTorch's layers do.
 */
public final class Mlp {

    private static final int UNITS = 1024;

    private Mlp() {}

    /**
     * Makes the network.
     *
     * @param classes how many classes
     * @return a block that is not initialized
     */
    public static Block block(int classes) {
        SequentialBlock net = new SequentialBlock().add(Blocks.batchFlattenBlock());
        net.add(Dropout.builder().optRate(0.2f).build());
        for (int layer = 0; layer < 2; layer++) {
            Layers.normRelu(net.add(Linear.builder().setUnits(UNITS).build()));
            net.add(Dropout.builder().optRate(0.5f).build());
        }
        net.add(Linear.builder().setUnits(classes).build());
        Layers.asPyTorch(net);
        return net;
    }
}
