package org.parle.djl;

import ai.djl.training.tracker.Tracker;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.List;

/**
 * What an optimizer was built with.
 *
 * @param provider makes the algorithm
 * @param options the algorithm's options, checked
 * @param tracker gives the learning rate, once per step
 * @param devicesPerReplica how many devices are one data-parallel replica
 * @param batchNormBatches on how many batches statistics are re-estimated, 0 to average them
 * @param draws where compressors draw from, null for what the seed gives
 */
record Settings(
        OptimizerProvider provider,
        Options options,
        Tracker tracker,
        int devicesPerReplica,
        int batchNormBatches,
        Draws draws) {

    /** Refuses options that do not fit together with this number of replicas. */
    void check(int replicas) {
        provider.check(options, replicas);
    }

    /** Says what may go wrong. */
    List<String> warnings(Layout layout) {
        return provider.warnings(options, layout);
    }
}
