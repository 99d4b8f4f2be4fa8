package org.parle.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.lang.reflect.Field;
import java.util.Map;

/** How many managers and arrays there are below the engine's own manager. */
public record Managed(int managers, int arrays) {

    /** Counts them. */
    public static Managed now() {
        try (NDManager base = Engine.getInstance().newBaseManager()) {
            Managed all = below(base.getParentManager());
            // but for the one that this asks
            return new Managed(all.managers - 1, all.arrays);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Managed below(NDManager manager) throws ReflectiveOperationException {
        int managers = 0;
        int arrays = 0;
        Field field = BaseNDManager.class.getDeclaredField("resources");
        field.setAccessible(true);
        for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
            if (resource instanceof NDManager lower) {
                Managed those = below(lower);
                managers += 1 + those.managers;
                arrays += those.arrays;
            } else if (resource instanceof NDArray) {
                arrays++;
            }
        }
        return new Managed(managers, arrays);
    }
}
