package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;

import java.lang.reflect.Field;

/**
 * The arrays that DJL's own trainer computes with: the model's own if they are on its first device,
 * else copies, which it keeps in a private field.
 */
final class DjlParameters {

    private final ParameterStore store;
    private final Device first;

    DjlParameters(Trainer trainer) {
        store = store(trainer);
        first = trainer.getDevices()[0];
    }

    private static ParameterStore store(Trainer trainer) {
        try {
            Field field = Trainer.class.getDeclaredField("parameterStore");
            field.setAccessible(true);
            return (ParameterStore) field.get(trainer);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // of another version: right wherever the model is on the trainer's device
            return null;
        }
    }

    /** Returns a parameter's array on the first device. */
    NDArray onFirst(Parameter parameter) {
        NDArray own = parameter.getArray();
        return store == null ? own : store.getValue(parameter, first, true);
    }
}
