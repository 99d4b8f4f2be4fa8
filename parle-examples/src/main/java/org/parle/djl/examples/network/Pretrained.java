package org.parle.djl.examples.network;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;

import java.io.IOException;

/**
 * A model from a zoo as the body of a network with a new head. It owns the loaded model, which must
 * stay open as long as the network is used.
 */
public final class Pretrained implements AutoCloseable {

    private static final int CLASSES = 10;
    private static final int SIDE = 28;

    private final ZooModel<NDList, NDList> loaded;
    private final Block body;

    private Pretrained(ZooModel<NDList, NDList> loaded, Block body) {
        this.loaded = loaded;
        this.body = body;
    }

    /**
     * Loads a model with DJL's {@link Criteria}.
     *
     * @param url which, as Criteria takes it
     * @param block what it is made of: torchscript, or lenet
     * @param device where to
     * @return the model, without its head where that can be taken off
     * @throws IllegalArgumentException if there is no such model
     */
    public static Pretrained load(String url, String block, Device device)
            throws IOException, MalformedModelException {
        Criteria.Builder<NDList, NDList> criteria =
                Criteria.builder()
                        .setTypes(NDList.class, NDList.class)
                        .optModelUrls(url)
                        .optEngine("PyTorch")
                        .optDevice(device)
                        .optTranslator(new NoopTranslator())
                        // DJL freezes a TorchScript module's parameters otherwise
                        .optOption("trainParam", "true");
        boolean lenet = block.equals("lenet");
        if (lenet) {
            criteria.optModelName("lenet").optBlock(LeNet.block());
        }
        try {
            ZooModel<NDList, NDList> loaded = criteria.build().loadModel();
            Block body = loaded.getBlock();
            if (lenet) {
                ((SequentialBlock) body).removeLastBlock();
            }
            return new Pretrained(loaded, body);
        } catch (ModelNotFoundException e) {
            throw new IllegalArgumentException("there is no model at " + url, e);
        }
    }

    /**
     * Returns a network of the body and a head of its own, for grey images of 28 by 28.
     *
     * @param channels that the body takes
     * @param side pixels that the body takes, a multiple of 28
     * @return the network
     */
    public Block network(int channels, int side) {
        int factor = side / SIDE;
        return new SequentialBlock()
                .addSingleton(image -> enlarge(image, channels, factor))
                .add(body)
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    private static NDArray enlarge(NDArray image, int channels, int factor) {
        NDArray coloured = channels == 1 ? image : image.repeat(1, channels);
        return factor == 1 ? coloured : coloured.repeat(2, factor).repeat(3, factor);
    }

    /** Freezes the body, or trains it too; batch norm's statistics are never trained. */
    public void freeze(boolean freeze) {
        body.freezeParameters(
                freeze,
                parameter ->
                        parameter.getType() != Parameter.Type.RUNNING_MEAN
                                && parameter.getType() != Parameter.Type.RUNNING_VAR);
    }

    @Override
    public void close() {
        loaded.close();
    }
}
