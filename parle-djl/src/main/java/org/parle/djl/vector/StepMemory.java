package org.parle.djl.vector;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps Java's memory under a trainer's arrays until the step that may need it is over.
 *
 * <p>An array made from Java's values, or from a number as in {@code x.mul(0.5f)}, lies in a Java
 * buffer, and lets go of it when closed; PyTorch's graph keeps a pointer only. So this sees which
 * arrays leave a manager while gradients are recorded, and holds their buffers. It covers arrays of
 * the trainer's manager and of those below it. If DJL's internals are others than it knows, it says
 * so in the log once and holds nothing.
 *
 * <p>Arrays may leave on any thread; the other methods are for the trainer's.
 */
public final class StepMemory implements AutoCloseable {

    private static final Field RESOURCES = resources();

    private final Queue<Object> held = new ConcurrentLinkedQueue<>();
    private int recordings;
    private volatile boolean closed;

    private StepMemory() {}

    /**
     * Begins to hold what is made by a manager and by those below it.
     *
     * @param manager a trainer's
     * @return what holds it
     */
    public static StepMemory below(NDManager manager) {
        StepMemory memory = new StepMemory();
        if (RESOURCES != null && JavaMemory.isVisible()) {
            memory.watch(manager);
        }
        return memory;
    }

    private static Field resources() {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            if (!field.getType().isAssignableFrom(Watched.class)) {
                throw new NoSuchFieldException("resources is a " + field.getType());
            }
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            JavaMemory.warn(e);
            return null;
        }
    }

    private void watch(NDManager manager) {
        try {
            if (manager instanceof BaseNDManager base
                    && !(RESOURCES.get(base) instanceof Watched)) {
                @SuppressWarnings("unchecked")
                ConcurrentHashMap<String, AutoCloseable> before =
                        (ConcurrentHashMap<String, AutoCloseable>) RESOURCES.get(base);
                Watched after = new Watched(this, base);
                before.forEach(after::put);
                RESOURCES.set(base, after);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void leaves(Object resource) {
        Object buffer = JavaMemory.of(resource);
        if (buffer != null && !closed && JniUtils.isGradMode()) {
            held.add(buffer);
        }
    }

    /** Notes that a gradient collector was opened. */
    public void recordingBegins() {
        recordings++;
    }

    /** Notes that a gradient collector was closed. */
    public void recordingEnds() {
        recordings--;
    }

    /** Lets go of what is held, after a step. */
    public void release() {
        held.clear();
    }

    /** Lets go of what is held if no gradients are recorded, so that it cannot grow. */
    public void releaseIfIdle() {
        if (recordings == 0) {
            release();
        }
    }

    /** Holds nothing any more. */
    @Override
    public void close() {
        closed = true;
        release();
    }

    /** A manager's resources; those below it are watched, too. */
    private static final class Watched extends ConcurrentHashMap<String, AutoCloseable> {

        private static final long serialVersionUID = 1L;

        private final transient StepMemory memory;
        private final transient BaseNDManager owner;

        Watched(StepMemory memory, BaseNDManager owner) {
            this.memory = memory;
            this.owner = owner;
        }

        @Override
        public AutoCloseable put(String key, AutoCloseable resource) {
            if (resource instanceof BaseNDManager below) {
                memory.watch(below);
            }
            return super.put(key, resource);
        }

        @Override
        public AutoCloseable remove(Object key) {
            AutoCloseable gone = super.remove(key);
            memory.leaves(gone);
            return gone;
        }

        /** A manager that closes asks for all it has, and takes none of them out by itself. */
        @Override
        public Collection<AutoCloseable> values() {
            if (!owner.isOpen()) {
                super.values().forEach(memory::leaves);
            }
            return super.values();
        }
    }
}
