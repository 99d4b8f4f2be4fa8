package org.parle.djl;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes sure before training that all replicas mean the same, so that none waits for ever. */
final class Handshake {

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
        String mine = describe(settings, replicas, layout);
        ByteBuffer[] all =
                bodies.allGather(ByteBuffer.wrap(mine.getBytes(StandardCharsets.UTF_8))).await();
        Map<String, String> first = parse(all[0]);
        StringBuilder differences = new StringBuilder();
        for (int rank = 1; rank < all.length; rank++) {
            differences.append(compare(first, parse(all[rank]), rank));
        }
        if (differences.length() > 0) {
            throw new IllegalStateException("replicas differ:" + differences);
        }
    }

    private static String describe(Settings settings, int replicas, Layout layout) {
        StringBuilder text = new StringBuilder();
        String version = Handshake.class.getPackage().getImplementationVersion();
        line(text, "library version", String.valueOf(version));
        line(text, "optimizer", settings.provider().name());
        line(text, "options", settings.options().toString());
        line(text, "replicas per trainer", String.valueOf(replicas));
        line(text, "devices per replica", String.valueOf(settings.devicesPerReplica()));
        line(text, "batch-norm batches", String.valueOf(settings.batchNormBatches()));
        for (int i = 0; i < layout.names().size(); i++) {
            line(text, "parameter " + layout.names().get(i), layout.shapes().get(i).toString());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('\t').append(value).append('\n');
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
