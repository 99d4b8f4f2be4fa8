package org.parle.djl.job;

import org.parle.djl.comm.Communicator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes sure that all bodies mean the same, before one waits for another or reads wrong bytes. */
public final class Handshake {

    private static final String ABSENT = "absent";

    private Handshake() {}

    /**
     * Compares lines that all bodies must have in common. Collective.
     *
     * @param bodies how they talk
     * @param lines values by name, without line breaks; names without tabs
     * @throws IllegalStateException on every body, if they differ; the message says who in what
     */
    public static void compare(Communicator bodies, Map<String, String> lines) {
        if (bodies.size() == 1) {
            return;
        }
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
