package org.parle.djl.job;

import org.parle.djl.comm.Communicator;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

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
        require(exchange(bodies, mine.toString()).stream().map(Handshake::parse).toList());
    }

    /**
     * Tells all bodies a text of each. Collective.
     *
     * @param bodies how they talk
     * @param text this one's
     * @return all, by rank
     */
    public static List<String> exchange(Communicator bodies, String text) {
        if (bodies.size() == 1) {
            return List.of(text);
        }
        ByteBuffer[] all = bodies.allGather(UTF_8.encode(text)).await();
        return Arrays.stream(all).map(own -> UTF_8.decode(own.duplicate()).toString()).toList();
    }

    /**
     * Compares what bodies have told.
     *
     * @param byRank the lines of each
     * @throws IllegalStateException if they differ; the message says who in what
     */
    public static void require(List<Map<String, String>> byRank) {
        StringBuilder differences = new StringBuilder();
        for (int rank = 1; rank < byRank.size(); rank++) {
            differences.append(compare(byRank.get(0), byRank.get(rank), rank));
        }
        if (differences.length() > 0) {
            throw new IllegalStateException("replicas differ:" + differences);
        }
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines()
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
