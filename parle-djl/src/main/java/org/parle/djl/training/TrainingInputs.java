package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

import java.util.ArrayDeque;
import java.util.Deque;

/** Copies of the newest training inputs, on which batch-norm statistics are re-estimated. */
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
        NDList copy = new NDList(input.size());
        for (NDArray array : input) {
            NDArray duplicate = array.duplicate();
            duplicate.attach(manager);
            copy.add(duplicate);
        }
        inputs.addLast(copy);
    }

    Iterable<NDList> newest() {
        return inputs;
    }
}
