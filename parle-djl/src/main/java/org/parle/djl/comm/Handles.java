package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.vector.JavaMemory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handles of the group's own on the replicas' vectors: one that fails may close its vector while
 * another still reads it, and the memory must last until then.
 */
final class Handles {

    private final AtomicInteger users;
    private NDManager manager;

    Handles(int users) {
        this.users = new AtomicInteger(users);
    }

    /** The same memory under another handle, outside gradient recording. */
    NDArray open(NDArray vector) {
        NDArray handle = vector.stopGradient();
        JavaMemory.share(vector, handle);
        handle.attach(manager(vector));
        return handle;
    }

    private synchronized NDManager manager(NDArray vector) {
        if (manager == null) {
            String engine = vector.getManager().getEngine().getEngineName();
            manager = NDManager.newBaseManager(vector.getDevice(), engine);
        }
        return manager;
    }

    /** One user less; with the last, what a failure left open is closed. */
    void release() {
        if (users.decrementAndGet() == 0) {
            closeManager();
        }
    }

    private synchronized void closeManager() {
        if (manager != null) {
            manager.close();
        }
    }
}
