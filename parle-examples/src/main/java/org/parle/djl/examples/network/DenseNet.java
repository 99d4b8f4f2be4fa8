package org.parle.djl.examples.network;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer.FactorType;

/**
 * DenseNet-BC (<a href="https://arxiv.org/abs/1608.06993">arXiv 1608.06993</a>): three dense
 * stages, in which each pair of a 1×1 and a 3×3 convolution adds its filters to all earlier ones;
 * between stages half of them are kept and the image is halved. With depth 100 and growth 12 it has
 * 769,162 parameters for ten classes of 3×32×32.
 *
 * <p>Weights start as the authors' do: convolutions normal with variance 2/(fan-out), the last
 * layer as PyTorch's.
 */
public final class DenseNet {

    private DenseNet() {}

    /**
     * Makes the network.
     *
     * @param depth how many layers with weights
     * @param growth how many filters a pair of convolutions adds
     * @param classes how many classes
     * @return a block that is not initialized
     * @throws IllegalArgumentException unless the depth is 6n + 4 and the growth at least 1
     */
    public static Block block(int depth, int growth, int classes) {
        if (depth < 10 || depth % 6 != 4 || growth < 1) {
            throw new IllegalArgumentException(
                    "A DenseNet-BC has 6n + 4 layers and a growth of 1 or more, as 100 and 12, not "
                            + depth
                            + " and "
                            + growth);
        }
        int filters = 2 * growth;
        SequentialBlock net = new SequentialBlock().add(Layers.convolution(filters, 3, 1));
        for (int stage = 0; stage < 3; stage++) {
            for (int i = 0; i < depth / 6; i++) {
                net.add(grow(growth));
                filters += growth;
            }
            if (stage < 2) {
                filters /= 2;
                Layers.normRelu(net).add(Layers.convolution(filters, 1, 1));
                net.add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
            }
        }
        Layers.normRelu(net).add(Pool.globalAvgPool2dBlock());
        Layers.asHe(net, FactorType.OUT);
        Block last = Linear.builder().setUnits(classes).build();
        Layers.asPyTorch(last);
        return net.add(last);
    }

    private static Block grow(int growth) {
        SequentialBlock way = Layers.normRelu(new SequentialBlock());
        Layers.normRelu(way.add(Layers.convolution(4 * growth, 1, 1)));
        way.add(Layers.convolution(growth, 3, 1));
        return Layers.join(
                Layers.identity(), way, (x, more) -> NDArrays.concat(new NDList(x, more), 1));
    }
}
