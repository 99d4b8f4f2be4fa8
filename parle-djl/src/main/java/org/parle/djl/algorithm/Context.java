package org.parle.djl.algorithm;

import org.parle.djl.comm.Communicator;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.OptionalInt;

/**
 * What an algorithm works with.
 *
 * @param state the weights, and what is remembered; new, or from before
 * @param communicator how to reach the other replicas
 * @param options the algorithm's options, checked
 * @param updatesPerEpoch the steps that one replica takes in an epoch, where the data tells
 * @param layout where each parameter lies in the weights
 * @param draws where compressors take their random draws from
 */
public record Context(
        State state,
        Communicator communicator,
        Options options,
        OptionalInt updatesPerEpoch,
        Layout layout,
        Draws draws) {

    /**
     * Returns B: the option where given, else what the data tells.
     *
     * @return the steps of one replica in an epoch
     * @throws IllegalArgumentException if neither is known
     */
    public int stepsPerEpoch() {
        if (options.given(CommonOptions.UPDATES_PER_EPOCH)) {
            return options.integer(CommonOptions.UPDATES_PER_EPOCH);
        }
        return updatesPerEpoch.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "updatesPerEpoch is required: the batches do not tell how many"
                                        + " steps an epoch has; add optUpdatesPerEpoch(...), or"
                                        + " updatesPerEpoch among named options"));
    }
}
