package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
            return (ParameterStore) field(Trainer.class, "parameterStore").get(trainer);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // of another version: right wherever the model is on the trainer's device
            return null;
        }
    }

    private static Field field(Class<?> of, String name) throws NoSuchFieldException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Returns a parameter's array on the first device. */
    NDArray onFirst(Parameter parameter) {
        NDArray own = parameter.getArray();
        return store == null ? own : store.getValue(parameter, first, true);
    }

    /**
     * Gives a parameter another array of the same values, which DJL lets nobody do but by loading.
     */
    void replace(Parameter parameter, NDArray array) {
        array.setName(parameter.getName());
        try {
            field(Parameter.class, "array").set(parameter, array);
        } catch (ReflectiveOperationException | RuntimeException e) {
            load(parameter, array);
        }
    }

    /** Through Java's heap, and on a GPU DJL keeps a copy in main memory. */
    private static void load(Parameter parameter, NDArray array) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            parameter.save(new DataOutputStream(bytes));
            parameter.load(
                    array.getManager(),
                    new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            array.close();
        } catch (IOException | MalformedModelException e) {
            throw new UncheckedIOException(new IOException("parameter " + parameter.getName(), e));
        }
    }
}
