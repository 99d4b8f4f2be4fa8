package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;

import org.parle.djl.comm.Communicator;
import org.parle.djl.job.Handshake;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.GradientMode;

import java.util.LinkedHashMap;
import java.util.Map;

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
        Map<String, String> parameters = new LinkedHashMap<>();
        block.getParameters()
                .forEach(
                        pair ->
                                parameters.put(
                                        "parameter " + pair.getKey(),
                                        pair.getValue().getType().name()));
        Handshake.compare(bodies, parameters);
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.isInitialized()) {
                share(parameter.getName(), parameter.getArray(), bodies);
            } else {
                parameter.setInitializer(
                        new Shared(parameter.getName(), parameter.getInitializer(), bodies));
            }
        }
    }

    /** No bytes move before the sizes were compared. */
    private static void share(String name, NDArray array, Communicator bodies) {
        if (array.getDataType() == DataType.FLOAT32) {
            Handshake.compare(bodies, Map.of("parameter " + name, array.getShape().toString()));
            GradientMode.off(
                    () -> {
                        try (NDArray copy = array.duplicate();
                                NDArray flat = copy.reshape(-1)) {
                            bodies.broadcast(flat, 0).await();
                            DeviceDoor.copy(copy, array);
                        }
                    });
        }
    }

    /** Only rank 0 draws, so that the engine's one generator is asked in one order. */
    private record Shared(String name, Initializer initializer, Communicator bodies)
            implements Initializer {

        @Override
        public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
            boolean draws = bodies.rank() == 0 || dataType != DataType.FLOAT32;
            NDArray array =
                    draws
                            ? initializer.initialize(manager, shape, dataType)
                            : manager.zeros(shape, dataType);
            share(name, array, bodies);
            return array;
        }
    }
}
