package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;

import java.util.Arrays;

/** x &middot; (w &middot; 0.5), and a view of an array made from Java's values. */
final class ConstantBlock extends AbstractBlock {

    // as short as what the pressure fills, so that the memory is soon another's
    private static final int SIZE = 40;
    static final Shape SHAPE = new Shape(SIZE);

    private final Parameter weight =
            addParameter(
                    Parameter.builder()
                            .setName("w")
                            .setType(Parameter.Type.WEIGHT)
                            .optShape(SHAPE)
                            .optInitializer(Initializer.ONES)
                            .build());

    Parameter weight() {
        return weight;
    }

    static float[] filled(float value) {
        float[] values = new float[SIZE];
        Arrays.fill(values, value);
        return values;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> parameters) {
        NDArray x = inputs.head();
        NDArray w = store.getValue(weight, x.getDevice(), training);
        NDArray constant = x.getManager().create(filled(2)).reshape(1, SIZE);
        return new NDList(x.mul(w.mul(0.5f)), constant);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {SHAPE, new Shape(1, SIZE)};
    }
}
