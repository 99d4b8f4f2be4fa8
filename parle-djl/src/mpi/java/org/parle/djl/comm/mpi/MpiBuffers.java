package org.parle.djl.comm.mpi;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import mpi.MPI;

import org.parle.djl.vector.JavaMemory;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory that is used again, since fresh pages cost more than the copies into them. Thread-safe.
 */
final class MpiBuffers implements AutoCloseable {

    /** As many as are under way at once, hardly ever more than two. */
    private static final int MOST = 4;

    private final List<FloatBuffer> free = new ArrayList<>();
    private final List<NDArray> freeVectors = new ArrayList<>();
    private final Map<Device, NDManager> managers = new HashMap<>();

    /** Returns direct memory of at least so many floats. */
    synchronized FloatBuffer take(int length) {
        for (int i = 0; i < free.size(); i++) {
            if (free.get(i).capacity() >= length) {
                return free.remove(i);
            }
        }
        return MPI.newFloatBuffer(Math.max(1, length));
    }

    synchronized void give(FloatBuffer buffer) {
        free.add(buffer);
        if (free.size() > MOST) {
            free.remove(0);
        }
    }

    /** Returns a vector in main memory, as long as one that is elsewhere. */
    synchronized NDArray takeHost(NDArray like) {
        for (int i = 0; i < freeVectors.size(); i++) {
            if (freeVectors.get(i).size() == like.size()) {
                return freeVectors.remove(i);
            }
        }
        return manager(like, Device.cpu()).zeros(new Shape(like.size()));
    }

    /** Returns a handle to a vector: its memory lasts when the caller closes their own. */
    synchronized NDArray handle(NDArray vector) {
        NDArray handle = vector.stopGradient();
        JavaMemory.share(vector, handle);
        handle.attach(manager(vector, vector.getDevice()));
        return handle;
    }

    private NDManager manager(NDArray like, Device device) {
        String engine = like.getManager().getEngine().getEngineName();
        return managers.computeIfAbsent(device, key -> NDManager.newBaseManager(key, engine));
    }

    synchronized void giveHost(NDArray vector) {
        freeVectors.add(vector);
        if (freeVectors.size() > MOST) {
            freeVectors.remove(0).close();
        }
    }

    @Override
    public synchronized void close() {
        free.clear();
        freeVectors.clear();
        managers.values().forEach(NDManager::close);
        managers.clear();
    }
}
