package org.parle.djl.monitor;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.DeviceDoor;

import java.util.ArrayList;
import java.util.List;

/**
 * The losses of batches. Those on a GPU are read when somebody wants their mean: to read each at
 * once would be to wait for the device at every step.
 */
final class Losses implements AutoCloseable {

    /** So many are little memory. */
    private static final int MOST = 1000;

    private final Mean sinceSynchronisation = new Mean();
    private final Mean sinceEpoch = new Mean();
    private final List<NDArray> unread = new ArrayList<>();

    /** Takes a loss over. */
    void add(NDArray loss) {
        // the batch that it came with will be closed
        loss.detach();
        unread.add(loss);
        if (!loss.getDevice().isGpu() || unread.size() == MOST) {
            read();
        }
    }

    private void read() {
        for (NDArray loss : unread) {
            float value = DeviceDoor.value(loss);
            sinceSynchronisation.add(value);
            sinceEpoch.add(value);
        }
        close();
    }

    Mean sinceSynchronisation() {
        read();
        return sinceSynchronisation;
    }

    Mean sinceEpoch() {
        read();
        return sinceEpoch;
    }

    /** Frees those that nobody has wanted. */
    @Override
    public void close() {
        unread.forEach(NDArray::close);
        unread.clear();
    }
}
