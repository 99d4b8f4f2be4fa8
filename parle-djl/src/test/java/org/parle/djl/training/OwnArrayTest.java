package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.function.BiConsumer;

/** A parameter gets another array with the same values. */
public class OwnArrayTest {

    @DataProvider
    public Object[][] ways() {
        BiConsumer<Parameter, NDManager> set = OwnArray::give;
        BiConsumer<Parameter, NDManager> file = OwnArray::read;
        return new Object[][] {{set}, {file}};
    }

    @Test(dataProvider = "ways")
    public void shouldPartTheParameterFromItsArray(BiConsumer<Parameter, NDManager> way) {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager own = manager.newSubManager()) {
            Parameter parameter =
                    Parameter.builder()
                            .setName("weight")
                            .setType(Parameter.Type.WEIGHT)
                            .optShape(new Shape(2, 1))
                            .build();
            parameter.initialize(manager, DataType.FLOAT32);
            NDArray trained = parameter.getArray();
            float[] values = trained.toFloatArray();
            way.accept(parameter, own);
            NDArray now = parameter.getArray();
            Assert.assertNotSame(now, trained);
            Assert.assertEquals(now.toFloatArray(), values);
            Assert.assertFalse(now.hasGradient());
            Assert.assertSame(now.getManager(), own);
            Assert.assertEquals(parameter.getShape(), new Shape(2, 1));
            now.addi(1);
            Assert.assertEquals(trained.toFloatArray(), values);
        }
    }
}
