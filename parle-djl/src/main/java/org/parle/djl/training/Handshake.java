package org.parle.djl.training;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes sure before training that all replicas mean the same, so that none waits for ever. */
final class Handshake {

    static final String VERSION = "library version";
    static final String REPLICAS = "replicas per trainer";

    private static final String ABSENT = "absent";

    private Handshake() {}

    /**
     * Compares what all bodies have. Collective.
     *
     * @param bodies how they talk
     * @param settings the optimizer's
     * @param replicas how many replicas each body's trainer has
     * @param layout the parameters that are trained
     * @throws IllegalStateException on every body, if they differ; the message says who in what
     */
    static void check(Communicator bodies, Settings settings, int replicas, Layout layout) {
        if (bodies.size() == 1) {
            return;
        }
        compare(bodies, describe(settings, replicas, layout));
    }

    /** Compares lines that all bodies must have in common. Collective. */
    static void compare(Communicator bodies, Map<String, String> lines) {
        StringBuilder mine = new StringBuilder();
        lines.forEach((key, value) -> mine.append(key + '\t' + value + '\n'));
        ByteBuffer own = ByteBuffer.wrap(mine.toString().getBytes(StandardCharsets.UTF_8));
        ByteBuffer[] all = bodies.allGather(own).await();
        Map<String, String> first = parse(all[0]);
        StringBuilder differences = new StringBuilder();
        for (int rank = 1; rank < all.length; rank++) {
            differences.append(compare(first, parse(all[rank]), rank));
        }
        if (differences.length() > 0) {
            throw new IllegalStateException("replicas differ:" + differences);
        }
    }

    /** Returns what replicas must have in common, line by line. */
    static Map<String, String> describe(Settings settings, int replicas, Layout layout) {
        Map<String, String> lines = new LinkedHashMap<>();
        String version = Handshake.class.getPackage().getImplementationVersion();
        // what was packed anew, or not at all, has none
        lines.put(VERSION, version == null ? "unknown" : version);
        lines.put("optimizer", settings.provider().name());
        lines.put("options", settings.options().toString());
        lines.put(REPLICAS, String.valueOf(replicas));
        lines.put("devices per replica", String.valueOf(settings.devicesPerReplica()));
        lines.put("batch-norm batches", String.valueOf(settings.batchNormBatches()));
        for (int i = 0; i < layout.names().size(); i++) {
            lines.put("parameter " + layout.names().get(i), layout.shapes().get(i).toString());
        }
        return lines;
    }

    private static Map<String, String> parse(ByteBuffer message) {
        Map<String, String> lines = new LinkedHashMap<>();
        StandardCharsets.UTF_8
                .decode(message.duplicate())
                .toString()
                .lines()
                .map(line -> line.split("\t", 2))
                .forEach(parts -> lines.put(parts[0], parts[1]));
        return lines;
    }

    private static String compare(Map<String, String> first, Map<String, String> other, int rank) {
        Map<String, String> keys = new LinkedHashMap<>(first);
        other.forEach(keys::putIfAbsent);
        StringBuilder text = new StringBuilder();
        for (String key : keys.keySet()) {
            String expected = first.getOrDefault(key, ABSENT);
            String found = other.getOrDefault(key, ABSENT);
            if (!expected.equals(found)) {
                text.append(text.length() == 0 ? " replica " + rank + " has " : ", ")
                        .append(key)
                        .append(' ')
                        .append(found)
                        .append(" where replica 0 has ")
                        .append(expected);
            }
        }
        return text.length() == 0 ? "" : text.append(';').toString();
    }
}
