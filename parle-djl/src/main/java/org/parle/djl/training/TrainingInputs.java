package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

import org.parle.djl.vector.JavaMemory;

import java.util.ArrayDeque;
import java.util.Deque;

/** The newest training inputs, on which batch-norm statistics are re-estimated. */
public final class TrainingInputs {

    private final int most;
    private final NDManager manager;
    private final Deque<NDList> inputs = new ArrayDeque<>();

    TrainingInputs(int most, NDManager manager) {
        this.most = most;
        this.manager = manager;
    }

    public void add(NDList input) {
        if (most == 0) {
            return;
        }
        if (inputs.size() == most) {
            inputs.removeFirst().close();
        }
        NDList kept = new NDList(input.size());
        for (NDArray array : input) {
            // the memory lasts as long as a handle on it
            NDArray handle = array.stopGradient();
            JavaMemory.share(array, handle);
            handle.attach(manager);
            kept.add(handle);
        }
        inputs.addLast(kept);
    }

    Iterable<NDList> newest() {
        return inputs;
    }
}
