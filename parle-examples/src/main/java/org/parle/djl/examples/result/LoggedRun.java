package org.parle.djl.examples.result;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code parle train --log} has written of one run.
 *
 * @param settings of the first line
 * @param epochs a point for each
 * @param end the last line, null where the run did not come to its end
 * @param diverged the last line of a run that diverged, else null
 */
public record LoggedRun(
        JsonObject settings, List<JsonObject> epochs, JsonObject end, JsonObject diverged) {

    private static final String FILE = "run.jsonl";

    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * Reads a log.
     *
     * @param folder that was given as --log
     */
    public static LoggedRun read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        JsonObject settings = null;
        JsonObject end = null;
        JsonObject diverged = null;
        List<JsonObject> epochs = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            JsonObject row;
            try {
                row = JsonUtils.GSON.fromJson(line, JsonObject.class);
                switch (row.get("event").getAsString()) {
                    case "begin" -> settings = row.getAsJsonObject("settings");
                    case "epoch" -> epochs.add(row);
                    case "end" -> end = row;
                    case "diverged" -> diverged = row;
                    default -> {
                        // synchronisations are in no table or figure
                    }
                }
            } catch (JsonParseException | NullPointerException | IllegalStateException e) {
                if (settings == null) {
                    throw new IllegalArgumentException(
                            file + " is no log of parle train: line " + number, e);
                }
                // a run that was killed may leave half a line
            }
        }
        if (settings == null) {
            throw new IllegalArgumentException(file + " is no log of parle train: it is empty");
        }
        return new LoggedRun(settings, epochs, end, diverged);
    }

    public boolean isComplete() {
        return end != null;
    }

    public boolean hasDiverged() {
        return diverged != null;
    }

    /** Returns the step at which the run diverged. */
    public long divergedAt() {
        return diverged.get("step").getAsLong();
    }

    public List<String> arguments() {
        JsonArray array = settings.getAsJsonArray("arguments");
        List<String> arguments = new ArrayList<>();
        if (array != null) {
            for (JsonElement one : array) {
                arguments.add(one.getAsString());
            }
        }
        return arguments;
    }

    /** Returns a number of each epoch; a point without it is NaN. */
    public double[] series(String name) {
        return epochs.stream().mapToDouble(row -> number(row, name)).toArray();
    }

    /** Returns a number that came out, NaN where there is none. */
    public double result(String name) {
        return end == null ? Double.NaN : number(end, name);
    }

    private static double number(JsonObject row, String name) {
        return row.has(name) ? row.get(name).getAsDouble() : Double.NaN;
    }
}
