package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.comm.Communicator;
import org.parle.djl.job.Handshake;
import org.parle.djl.job.World;
import org.parle.djl.vector.Fingerprint;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Vectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks whether the vectors are equal that all replicas hold alike. Replicas on processors that
 * compute alike have the same bits; others may differ in rounding, and go on from rank 0's.
 * Collective throughout.
 */
final class Sameness {

    private static final Logger LOGGER = LoggerFactory.getLogger(Sameness.class);

    /** By how much, relative to the norm, rounding may move what is computed alike. */
    private static final double ROUNDING = 1e-5;

    private final World world;
    private final boolean bits;

    /**
     * Exchanges what replicas compute on.
     *
     * @param world of this body
     * @param devices of its replicas
     */
    Sameness(World world, Device[] devices) {
        this.world = world;
        List<String> kinds = Handshake.exchange(world.bodies(), Processor.of(devices));
        List<String> all = kinds.stream().distinct().toList();
        bits = all.size() == 1 && !all.get(0).contains(Processor.BETWEEN);
        if (!bits && world.bodies().rank() == 0) {
            LOGGER.warn(
                    "replicas compute on {}: what they hold alike may differ in rounding, and is"
                            + " sent anew from replica 0 at the end of every epoch",
                    all);
        }
    }

    /**
     * Compares what was added to what bodies must have in common, and what replicas hold alike.
     *
     * @param replicas of this body
     * @return whether some were given rank 0's values
     * @throws IllegalStateException on all replicas, if one differs; it names rank and vector
     */
    boolean check(LocalReplicas replicas) {
        Handshake.compare(world.bodies(), world.takeTerms());
        return checkVectors(replicas);
    }

    /** Compares what replicas hold alike; some may have gone on to name more than others. */
    boolean checkVectors(LocalReplicas replicas) {
        if (replicas.communicator().size() > 1) {
            GradientMode.off(
                    () -> {
                        replicas.settle();
                        replicas.each(i -> check(replicas, i));
                    });
        }
        return !bits;
    }

    private void check(LocalReplicas replicas, int i) {
        if (replicas.algorithms().isEmpty()) {
            return;
        }
        Algorithm algorithm = replicas.algorithms().get(i);
        Communicator communicator = replicas.communicators().get(i);
        Map<String, String> lines = new LinkedHashMap<>();
        String after = " after step " + algorithm.steps();
        algorithm
                .state()
                .equalVectors()
                .forEach(
                        (name, vector) ->
                                lines.put(
                                        "vector " + name + after,
                                        bits
                                                ? Fingerprint.of(vector)
                                                : align(communicator, vector)));
        Handshake.compare(communicator, lines);
        if (!bits) {
            replicas.weights().get(i).publish();
        }
    }

    /** Takes rank 0's values, and says how far these were from them, unless it was rounding. */
    private static String align(Communicator replicas, NDArray vector) {
        try (NDArray first = vector.duplicate()) {
            replicas.broadcast(first, 0).await();
            float norm = Vectors.norm(first);
            try (NDArray apart = vector.sub(first)) {
                float distance = Vectors.norm(apart);
                if (distance <= ROUNDING * norm) {
                    Vectors.copy(first, vector);
                    return "rounded";
                }
                return String.format("%.2g away, relative to its norm", distance / norm);
            }
        }
    }
}
