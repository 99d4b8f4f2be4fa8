package org.parle.djl.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.util.PairList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A block with parameters of given shapes and almost no work: the sum of all of them. */
final class ParametersOnly extends AbstractBlock {

    private final List<Parameter> pieces = new ArrayList<>();

    ParametersOnly(List<Shape> shapes) {
        for (Shape shape : shapes) {
            Parameter parameter =
                    Parameter.builder()
                            .setName("p" + pieces.size())
                            .setType(Parameter.Type.OTHER)
                            .optShape(shape)
                            .optInitializer(new ConstantInitializer(0.5f))
                            .build();
            pieces.add(addParameter(parameter));
        }
    }

    static List<Shape> shapes(String name) {
        List<Shape> shapes = new ArrayList<>();
        if (name.equals("lenet")) {
            for (int[] sizes :
                    new int[][] {
                        {20, 1, 5, 5},
                        {20},
                        {20},
                        {20},
                        {50, 20, 5, 5},
                        {50},
                        {50},
                        {50},
                        {500, 200},
                        {500},
                        {500},
                        {500},
                        {10, 500},
                        {10}
                    }) {
                long[] dimensions = Arrays.stream(sizes).asLongStream().toArray();
                shapes.add(new Shape(dimensions));
            }
        } else {
            for (int i = 0; i < 100; i++) {
                shapes.add(new Shape(100, 1000));
            }
        }
        return shapes;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDArray sum = null;
        for (Parameter parameter : pieces) {
            NDArray part = store.getValue(parameter, inputs.head().getDevice(), training).sum();
            sum = sum == null ? part : sum.add(part);
        }
        sum.attach(inputs.head().getManager());
        return new NDList(sum);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape()};
    }
}
