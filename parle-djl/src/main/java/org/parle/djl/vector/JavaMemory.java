package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Field;

/**
 * The buffer of Java's under an array that was made from Java's values. DJL's array keeps it in a
 * private field; another handle on the same memory does not. Thread-safe.
 */
public final class JavaMemory {

    private static final Logger LOGGER = LoggerFactory.getLogger(JavaMemory.class);
    private static final Field BUFFER = field();

    private JavaMemory() {}

    private static Field field() {
        try {
            Field field = PtNDArray.class.getDeclaredField("dataRef");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            warn(e);
            return null;
        }
    }

    /** Says what is not done. */
    static void warn(Exception cause) {
        LOGGER.warn(
                "this version of DJL is built differently: an array made from Java's values or a"
                        + " number must stay open until the backward pass or the collective that"
                        + " needs it is over, or the result can be wrong",
                cause);
    }

    /** Whether it can be seen in this version of DJL. */
    static boolean isVisible() {
        return BUFFER != null;
    }

    /** Returns what an array holds, or null. */
    static Object of(Object array) {
        try {
            return BUFFER != null && array instanceof PtNDArray ? BUFFER.get(array) : null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Tells whether an array lies in Java's memory.
     *
     * @param array any
     * @return whether its memory ends with it, views or not
     */
    public static boolean isUnder(NDArray array) {
        return of(array) != null;
    }

    /**
     * Has a second handle hold what the first does, so that the memory lasts as long as either.
     *
     * @param array any
     * @param handle on the same memory
     */
    public static void share(NDArray array, NDArray handle) {
        Object buffer = of(array);
        if (buffer != null && handle instanceof PtNDArray) {
            try {
                BUFFER.set(handle, buffer);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
