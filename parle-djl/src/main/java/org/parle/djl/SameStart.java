package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.GradientMode;

/** Makes all bodies start from rank 0's values of every parameter, trained or not. */
final class SameStart {

    private SameStart() {}

    /**
     * Shares the values that there are, and lets those that come with {@code initialize} be shared
     * then. Collective: the bodies' blocks must be of the same kind.
     */
    static void arrange(Block block, Communicator bodies) {
        if (bodies.size() == 1) {
            return;
        }
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.isInitialized()) {
                share(parameter.getArray(), bodies);
            } else {
                parameter.setInitializer(new Shared(parameter.getInitializer(), bodies));
            }
        }
    }

    private static void share(NDArray array, Communicator bodies) {
        if (array.getDataType() == DataType.FLOAT32) {
            GradientMode.off(
                    () -> {
                        try (NDArray copy = array.duplicate();
                                NDArray flat = copy.reshape(-1)) {
                            bodies.broadcast(flat, 0).await();
                            array.set(new NDIndex("..."), copy);
                        }
                    });
        }
    }

    private record Shared(Initializer initializer, Communicator bodies) implements Initializer {

        @Override
        public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
            NDArray array = initializer.initialize(manager, shape, dataType);
            share(array, bodies);
            return array;
        }
    }
}
