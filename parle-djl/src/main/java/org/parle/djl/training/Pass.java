package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.JavaMemory;

import java.util.Arrays;
import java.util.function.Supplier;

/** A pass through a block. */
public final class Pass {

    /** What PyTorch says, after which only its line numbers change. */
    private static final String ONE_VALUE = "Expected more than 1 value per channel";

    private Pass() {}

    /**
     * Lets go of what is between input and output at once, and not with the batch: what the
     * backward pass needs PyTorch keeps itself, and a replica that waits in its step should hold
     * little. But what lies in Java's memory stays as long as the output, which may be a view of
     * it.
     *
     * @param forward the pass
     * @param inputs of it
     * @return its output, with the first input's manager
     * @throws IllegalArgumentException if batch norm cannot train on a batch of one item
     */
    public static NDList frugally(Supplier<NDList> forward, NDList... inputs) {
        NDManager manager = inputs[0].head().getManager();
        try (NDManager pass = manager.newSubManager()) {
            for (NDList input : inputs) {
                pass.tempAttachAll(input);
            }
            NDList output = explained(forward);
            output.attach(manager);
            for (NDArray array : pass.getManagedArrays()) {
                if (JavaMemory.isUnder(array) && !isOf(inputs, array)) {
                    array.attach(manager);
                }
            }
            return output;
        }
    }

    private static NDList explained(Supplier<NDList> forward) {
        try {
            return forward.get();
        } catch (RuntimeException e) {
            if (e.getMessage() == null || !e.getMessage().contains(ONE_VALUE)) {
                throw e;
            }
            throw new IllegalArgumentException(
                    "batch norm behind a fully connected layer cannot train on a batch of one item:"
                            + " make batches of 2 or more ("
                            + e.getMessage().lines().findFirst().orElseThrow()
                            + ')',
                    e);
        }
    }

    /** Inputs go back to where they came from. */
    private static boolean isOf(NDList[] inputs, NDArray array) {
        return Arrays.stream(inputs).flatMap(NDList::stream).anyMatch(input -> input == array);
    }

    /**
     * Returns a manager for what a pass needs, which lives as long as its input.
     *
     * @param input of the pass
     * @return a new one, on the input's device
     */
    public static NDManager manager(NDList input) {
        return input.getManager().newSubManager(input.head().getDevice());
    }

    /**
     * Makes a pass that trains nothing.
     *
     * @param block to evaluate
     * @param store where it finds its parameters
     * @param input of it
     * @return its output, with the input's manager
     */
    public static NDList evaluate(Block block, ParameterStore store, NDList input) {
        return GradientMode.off(
                () -> frugally(() -> block.forward(store, input, false, null), input));
    }
}
