package org.parle.djl.training;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.FlatModel;

import java.util.List;
import java.util.Map;

/**
 * What differs between DJL's own trainer and ours: where the arrays are that a replica trains, and
 * what becomes of them. Used by the trainer's thread.
 */
public interface Side extends AutoCloseable {

    /**
     * Returns the block's parameters if they must be laid out now.
     *
     * @param laidOut as they were laid out last, null before the first time
     * @return null if nothing is to be done
     */
    BlockParameters due(BlockParameters laidOut);

    /** Finds out, before the first batch, what will be trained. */
    void expect();

    /**
     * Returns the arrays that are trained.
     *
     * @param now the parameters to lay out
     * @return for each device one for each parameter
     */
    List<List<NDArray>> arrays(BlockParameters now);

    /**
     * Hears that the arrays are pieces of the replicas' vectors now.
     *
     * @param now what was laid out
     */
    void laidOut(BlockParameters now);

    /**
     * Makes what the trainer left as gradients each device's own.
     *
     * @param gradients for each device, changed in place
     */
    void separate(List<NDArray> gradients);

    /**
     * Returns the batch-norm statistics that are trained with, on the first device.
     *
     * @return null if the block has none
     */
    FlatModel statistics();

    /**
     * Returns what is not trained, as the training has it.
     *
     * @param laidOut the parameters
     * @return live arrays by name: statistics, and what is frozen
     */
    Map<String, NDArray> others(BlockParameters laidOut);

    /**
     * Returns the seed of what is drawn between steps.
     *
     * @param seed of what is drawn in them
     * @return the same, if that is all one to this side
     */
    int between(int seed);

    /**
     * Returns whether a block that keeps one set of tensors has the reference's between two
     * training passes, or the replica's own.
     *
     * @return true for the reference's
     */
    boolean showsReference();

    /**
     * Returns whether the trained arrays are to have the reference's values in the end.
     *
     * @return true if somebody may still look at them
     */
    boolean endsWithReference();

    /** Frees what is left of the arrays, after the vectors were freed. */
    @Override
    void close();
}
