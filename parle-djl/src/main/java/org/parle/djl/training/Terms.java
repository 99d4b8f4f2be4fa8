package org.parle.djl.training;

import org.parle.djl.job.Handshake;
import org.parle.djl.job.World;
import org.parle.djl.vector.Layout;

import java.util.LinkedHashMap;
import java.util.Map;

/** What all replicas of a run must have in common, line by line. */
final class Terms {

    static final String VERSION = "library version";
    static final String REPLICAS = "replicas per trainer";

    private static final String DEVICES = "devices per replica";

    private Terms() {}

    /** Compares how many replicas trainers have, before they are connected. Collective. */
    static void compareTrainers(World world, Settings settings, int replicas) {
        Handshake.compare(
                world.bodies(),
                Map.of(
                        REPLICAS, String.valueOf(replicas),
                        DEVICES, String.valueOf(settings.devicesPerReplica())));
    }

    /**
     * Returns them, and what need not be equal in a run that is resumed, or is looked at otherwise.
     */
    static Map<String, String> of(
            World world, Settings settings, int replicas, Layout layout, int total) {
        Map<String, String> lines = of(settings, replicas, layout);
        lines.put("learning rate's tracker", name(settings.tracker().getClass()));
        lines.put("seed", String.valueOf(world.seed()));
        lines.putAll(settings.provider().mustAgree(settings.options(), total));
        lines.putAll(world.takeTerms());
        return lines;
    }

    /** The names of lambdas have numbers of this process. */
    private static String name(Class<?> type) {
        return type.isHidden()
                ? type.getName().replaceAll("\\$\\$Lambda.*", "'s lambda")
                : type.getName();
    }

    /** Returns what a run is, before and after it was resumed. */
    static Map<String, String> of(Settings settings, int replicas, Layout layout) {
        Map<String, String> lines = new LinkedHashMap<>();
        String version = Terms.class.getPackage().getImplementationVersion();
        // what was packed anew, or not at all, has none
        lines.put(VERSION, version == null ? "unknown" : version);
        lines.put("optimizer", settings.provider().name());
        lines.put("options", settings.options().toString());
        lines.put(REPLICAS, String.valueOf(replicas));
        lines.put(DEVICES, String.valueOf(settings.devicesPerReplica()));
        lines.put("batch-norm batches", String.valueOf(settings.batchNormBatches()));
        // named where they are set only, so that checkpoints of before do not lack them
        if (settings.clip() > 0) {
            lines.put("clipGrad", String.valueOf(settings.clip()));
        }
        if (settings.rescale() != 1) {
            lines.put("rescaleGrad", String.valueOf(settings.rescale()));
        }
        for (int i = 0; i < layout.names().size(); i++) {
            lines.put("parameter " + layout.names().get(i), layout.shapes().get(i).toString());
        }
        return lines;
    }
}
