package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fixture's problem as a DJL block: from (A, b) to the residual A w − b. */
final class LeastSquares extends AbstractBlock {

    private final List<Parameter> pieces = new ArrayList<>();

    LeastSquares(Reference.Problem problem) {
        for (Reference.Piece piece : problem.parameters) {
            Parameter parameter =
                    Parameter.builder()
                            .setName(piece.name)
                            .setType(Parameter.Type.OTHER)
                            .optShape(new Shape(piece.shape))
                            .build();
            float[] start = Arrays.copyOfRange(problem.w0, piece.offset, piece.offset + piece.size);
            parameter.setInitializer(
                    new Initializer() {
                        @Override
                        public NDArray initialize(NDManager manager, Shape s, DataType type) {
                            return manager.create(start, s);
                        }
                    });
            pieces.add(addParameter(parameter));
        }
    }

    List<Parameter> pieces() {
        return pieces;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        Device device = inputs.head().getDevice();
        NDList flat = new NDList();
        for (Parameter piece : pieces) {
            flat.add(store.getValue(piece, device, training).flatten());
        }
        return new NDList(residual(NDArrays.concat(flat), inputs));
    }

    static NDArray residual(NDArray w, NDList inputs) {
        NDArray product = inputs.get(0).matMul(w.reshape(-1, 1)).flatten();
        return product.sub(inputs.get(1));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0))};
    }

    /** Half the sum of squares; a moment for what presses on memory. */
    static final class HalfSquares extends Loss {

        HalfSquares() {
            super("half squares");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            NDArray sum = predictions.head().square().sum();
            // a number's memory would be Java's, and gone before the backward pass
            NDArray half = sum.mul(sum.getManager().full(new Shape(), 0.5f));
            AllocationPressure.moment();
            return half;
        }
    }

    static Model model(Reference.Problem problem) {
        Model model = Model.newInstance("least squares", Device.cpu());
        model.setBlock(new LeastSquares(problem));
        return model;
    }

    static DefaultTrainingConfig config(ReplicaOptimizer optimizer) {
        return new DefaultTrainingConfig(new HalfSquares())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(optimizer);
    }

    static Shape[] shapes(Reference.Problem problem) {
        int rows = problem.b[0].length;
        return new Shape[] {new Shape(rows, problem.w0.length), new Shape(rows)};
    }

    /** One batch of replica a: always the same. */
    static Batch batch(NDManager parent, Reference.Problem problem, int a) {
        NDManager manager = parent.newSubManager();
        int rows = problem.b[a].length;
        NDArray matrix = manager.create(new Shape(rows, problem.w0.length));
        for (int row = 0; row < rows; row++) {
            matrix.set(
                    new ai.djl.ndarray.index.NDIndex("{}", row), manager.create(problem.A[a][row]));
        }
        NDList data = new NDList(matrix, manager.create(problem.b[a]));
        return new Batch(
                manager, data, new NDList(manager.zeros(new Shape(1))), 1, null, null, 0, 0);
    }

    static float[] values(Model model) {
        List<NDArray> arrays = new ArrayList<>();
        for (Parameter piece : ((LeastSquares) model.getBlock()).pieces()) {
            arrays.add(piece.getArray());
        }
        return values(arrays);
    }

    static float[] values(List<NDArray> arrays) {
        NDList flat = new NDList();
        arrays.forEach(array -> flat.add(array.flatten()));
        return NDArrays.concat(flat).toFloatArray();
    }
}
