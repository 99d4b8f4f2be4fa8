package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.Context;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.algorithm.State;
import org.parle.djl.comm.Communicator;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.OptionalInt;

/**
 * What an optimizer was built with.
 *
 * @param provider makes the algorithm
 * @param options the algorithm's options, checked
 * @param tracker gives the learning rate, once per step
 * @param devicesPerReplica how many devices are one data-parallel replica
 * @param batchNormBatches on how many batches statistics are re-estimated, 0 to average them
 * @param draws where compressors draw from, null for what the seed gives
 * @param rescale what gradients are multiplied by
 * @param clip the largest entry of a gradient, not above 0 for any
 */
public record Settings(
        OptimizerProvider provider,
        Options options,
        Tracker tracker,
        int devicesPerReplica,
        int batchNormBatches,
        Draws draws,
        float rescale,
        float clip) {

    private static final Logger LOGGER = LoggerFactory.getLogger(Settings.class);

    /**
     * Returns these with what DJL's own builder takes.
     *
     * @param rescaleGrad what gradients are multiplied by
     * @param clipGrad the largest entry of a gradient, not above 0 for any
     * @return other settings
     */
    public Settings with(float rescaleGrad, float clipGrad) {
        return new Settings(
                provider,
                options,
                tracker,
                devicesPerReplica,
                batchNormBatches,
                draws,
                rescaleGrad,
                clipGrad);
    }

    /**
     * Refuses options that do not fit together with this number of replicas.
     *
     * @param replicas how many
     */
    public void check(int replicas) {
        provider.check(options, replicas);
    }

    /** Returns how many replicas a trainer's devices are. */
    int replicas(Device[] devices) {
        if (devices.length % devicesPerReplica != 0) {
            throw new IllegalArgumentException(
                    devicesPerReplica
                            + " devices per replica do not divide the trainer's "
                            + devices.length);
        }
        return devices.length / devicesPerReplica;
    }

    /** Returns &eta; of step k, which is being taken. */
    float learningRate(long k) {
        float rate = tracker.getNewValue(Math.toIntExact(k));
        if (!(rate >= 0) || Float.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "the learning rate's tracker gave " + rate + " for step " + k);
        }
        return rate;
    }

    /** Refuses what cannot be trained so, and says once what may go wrong. */
    void begin(Communicator replicas, Layout layout) {
        check(replicas.size());
        if (replicas.rank() == 0) {
            provider.warnings(options, layout).forEach(LOGGER::warn);
        }
    }

    /** Makes the algorithm of one replica where its state stands. Collective. */
    Algorithm algorithm(
            State state,
            Communicator communicator,
            OptionalInt updatesPerEpoch,
            Layout layout,
            Integer seed) {
        // compressors draw the same on all replicas
        Draws from = draws != null ? draws : Draws.seeded(seed == null ? 0 : seed);
        return provider.create(
                new Context(state, communicator, options, updatesPerEpoch, layout, from));
    }
}
