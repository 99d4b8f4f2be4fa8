package org.parle.djl.training;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;

import org.parle.djl.vector.GradientMode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;

/**
 * Gives a parameter another array, with the values of the one that it has. DJL does so only when it
 * reads a parameter, and then through one array of Java's, which holds less than 2 GiB.
 */
final class OwnArray {

    private static final Field ARRAY = field();

    private OwnArray() {}

    private static Field field() {
        try {
            Field field = Parameter.class.getDeclaredField("array");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            // a version that is built differently
            return null;
        }
    }

    /** The array that the parameter had stays open, and nobody's. */
    static void give(Parameter parameter, NDManager manager) {
        if (ARRAY == null) {
            read(parameter, manager);
            return;
        }
        NDArray own = GradientMode.off(() -> parameter.getArray().duplicate());
        own.attach(manager);
        own.setName(parameter.getName());
        try {
            ARRAY.set(parameter, own);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Through the file format. */
    static void read(Parameter parameter, NDManager manager) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            parameter.save(new DataOutputStream(bytes));
            parameter.load(
                    manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException | MalformedModelException e) {
            throw new UncheckedIOException(new IOException("parameter " + parameter.getName(), e));
        }
    }
}
