package org.parle.djl.examples.network;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;

import org.testng.Assert;
import org.testng.annotations.Test;

/** The networks of the papers' MNIST experiments. */
public class LeNetTest {

    @Test
    public void shouldHaveAsManyParametersAsParlesLeNet() {
        assertSize(LeNet.block(), 132_220);
    }

    @Test
    public void shouldHaveAsManyParametersAsChocoSgdsLeNet() {
        assertSize(LeNet5.block(), 61_706);
    }

    private static void assertSize(Block block, long size) {
        try (Model model = Model.newInstance("lenet", Device.cpu())) {
            block.initialize(
                    model.getNDManager(), DataType.FLOAT32, new Shape(2).addAll(LeNet.INPUT));
            long trained =
                    block.getParameters().values().stream()
                            .filter(Parameter::requiresGradient)
                            .mapToLong(parameter -> parameter.getArray().size())
                            .sum();
            Assert.assertEquals(trained, size);
            Assert.assertEquals(
                    block.getOutputShapes(new Shape[] {new Shape(2).addAll(LeNet.INPUT)}),
                    new Shape[] {new Shape(2, 10)});
        }
    }
}
