package org.parle.djl.vector;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDManager.SystemNDManager;
import ai.djl.pytorch.jni.JniUtils;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps Java's memory under a trainer's arrays until the step that may need it is over.
 *
 * <p>An array made from Java's values, or from a number as in {@code x.mul(0.5f)}, lies in a Java
 * buffer, and lets go of it when closed; PyTorch's graph keeps a pointer only. So this sees which
 * arrays leave a manager while gradients are recorded, and holds their buffers. It covers arrays of
 * the trainer's manager and of those below it, and of the one above, the model's: what is computed
 * from the model's own parameters is made there. If DJL's internals are others than it knows, it
 * says so in the log once and holds nothing.
 *
 * <p>Arrays may leave on any thread; the other methods are for the trainer's.
 */
public final class StepMemory implements AutoCloseable {

    private static final Field RESOURCES = resources();

    private final Queue<Object> held = new ConcurrentLinkedQueue<>();
    private int recordings;
    private volatile boolean closed;
    private Watched above;

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
            memory.watch(manager, true);
            memory.above = memory.watch(manager.getParentManager(), false);
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

    private Watched watch(NDManager manager, boolean deep) {
        if (!(manager instanceof BaseNDManager base) || manager instanceof SystemNDManager) {
            return null;
        }
        // DJL attaches and detaches under this lock
        synchronized (base) {
            try {
                if (!(RESOURCES.get(base) instanceof Watched)) {
                    @SuppressWarnings("unchecked")
                    ConcurrentHashMap<String, AutoCloseable> before =
                            (ConcurrentHashMap<String, AutoCloseable>) RESOURCES.get(base);
                    RESOURCES.set(base, new Watched(base, before));
                }
                Watched watched = (Watched) RESOURCES.get(base);
                watched.memories.addIfAbsent(this);
                if (deep && watched.below == null) {
                    watched.below = this;
                    watched.forEach(watched::watch);
                }
                return watched;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
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
        if (above != null) {
            above.memories.remove(this);
        }
    }

    /** A manager's resources; those below it are watched, too. */
    private static final class Watched extends ConcurrentHashMap<String, AutoCloseable> {

        private static final long serialVersionUID = 1L;

        private final transient BaseNDManager owner;
        private final transient CopyOnWriteArrayList<StepMemory> memories =
                new CopyOnWriteArrayList<>();
        private transient volatile StepMemory below;

        Watched(BaseNDManager owner, Map<String, AutoCloseable> resources) {
            super(resources);
            this.owner = owner;
        }

        @Override
        public AutoCloseable put(String key, AutoCloseable resource) {
            watch(key, resource);
            return super.put(key, resource);
        }

        private void watch(String key, AutoCloseable resource) {
            if (below != null && resource instanceof BaseNDManager manager) {
                below.watch(manager, true);
            }
        }

        @Override
        public AutoCloseable remove(Object key) {
            AutoCloseable gone = super.remove(key);
            leaves(gone);
            return gone;
        }

        /** A manager that closes asks for all it has, and takes none of them out by itself. */
        @Override
        public Collection<AutoCloseable> values() {
            if (!owner.isOpen()) {
                super.values().forEach(this::leaves);
            }
            return super.values();
        }

        private void leaves(Object resource) {
            for (StepMemory memory : memories) {
                memory.leaves(resource);
            }
        }
    }
}
