package org.parle.djl.monitor;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of JSON for each row. The first line has the run's settings, and the last, where the run
 * came to its end, {@code "event":"end"}, or where it diverged, {@code "event":"diverged"}.
 */
final class JsonLines implements RowWriter {

    static final String NAME = "run.jsonl";

    private final Writer out;

    private JsonLines(Writer out) {
        this.out = out;
    }

    JsonLines(Path folder, Map<String, Object> settings) throws IOException {
        this(Files.newBufferedWriter(folder.resolve(NAME)));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "begin");
        line.put("settings", settings);
        line(line);
    }

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /** Drops the rows after a step, and the end; returns the newest row that stays, or null. */
    static Row cut(Path folder, long step) throws IOException {
        Path file = folder.resolve(NAME);
        List<String> kept = new ArrayList<>();
        Row last = null;
        for (String line : Files.readAllLines(file)) {
            JsonObject json = object(line);
            if (json != null && json.has("settings")) {
                kept.add(line);
            } else if (json != null
                    && json.has("seconds")
                    && json.get("step").getAsLong() <= step) {
                kept.add(line);
                last =
                        new Row(
                                json.get("event").getAsString(),
                                json.get("epoch").getAsInt(),
                                json.get("step").getAsLong(),
                                json.get("seconds").getAsDouble(),
                                Map.of());
            }
        }
        Path beside = folder.resolve(NAME + ".tmp");
        Files.write(beside, kept);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        return last;
    }

    /** A kill may have left half of the last line. */
    private static JsonObject object(String line) {
        try {
            return JsonParser.parseString(line).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            return null;
        }
    }

    /** Goes on with lines that are there. */
    static JsonLines append(Path folder) throws IOException {
        return new JsonLines(
                Files.newBufferedWriter(folder.resolve(NAME), StandardOpenOption.APPEND));
    }

    @Override
    public void write(Row row) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", row.event());
        line.put("epoch", row.epoch());
        line.put("step", row.step());
        line.put("seconds", row.seconds());
        row.values().forEach((name, value) -> putFinite(line, name, value));
        line(line);
    }

    @Override
    public void end(Map<String, Double> results) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "end");
        results.forEach((name, value) -> putFinite(line, name, value));
        line(line);
    }

    /** Notes that the run diverged. */
    void diverged(long step, String message) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "diverged");
        line.put("step", step);
        line.put("message", message);
        line(line);
    }

    /** JSON knows no NaN: what is not finite is left out. */
    private static void putFinite(Map<String, Object> line, String name, double value) {
        if (Double.isFinite(value)) {
            line.put(name, value);
        }
    }

    private void line(Map<String, Object> line) throws IOException {
        // one line, whatever DJL is set to; its own compact form is not in 0.28
        out.write(JsonUtils.GSON.toJsonTree(line).toString());
        out.write('\n');
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
