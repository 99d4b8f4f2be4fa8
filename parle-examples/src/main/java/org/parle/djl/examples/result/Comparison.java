package org.parle.djl.examples.result;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonParseException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs side by side, each with one log or several seeds'.
 *
 * @param groups in the order in which they were given
 */
public record Comparison(List<RunGroup> groups) {

    private static final String FILE = "comparison.json";

    public static Path folder(Path output, String name, int seed) {
        return output.resolve(folderName(name)).resolve("seed-" + seed);
    }

    public static String folderName(String name) {
        return name.replaceAll("[^\\w.=]+", "-");
    }

    /** Notes which runs there are, and in which order. */
    public static void write(Path output, List<String> names) throws IOException {
        Files.writeString(output.resolve(FILE), JsonUtils.GSON_COMPACT.toJson(names) + "\n");
    }

    /**
     * Reads runs.
     *
     * @param folders each the output of a comparison, a run's with its seeds, or a log
     */
    public static Comparison read(Path... folders) throws IOException {
        List<RunGroup> groups = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isRegularFile(folder.resolve(FILE))) {
                for (String name : names(folder.resolve(FILE))) {
                    groups.add(group(name, folder.resolve(folderName(name))));
                }
            } else {
                groups.add(group(folder.toAbsolutePath().normalize().getFileName() + "", folder));
            }
        }
        return new Comparison(groups);
    }

    private static List<String> names(Path file) throws IOException {
        try {
            return Arrays.asList(JsonUtils.GSON.fromJson(Files.readString(file), String[].class));
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(file + " was not written by parle compare", e);
        }
    }

    private static RunGroup group(String name, Path folder) throws IOException {
        List<LoggedRun> runs = new ArrayList<>();
        if (LoggedRun.isIn(folder)) {
            runs.add(LoggedRun.read(folder));
        } else if (Files.isDirectory(folder)) {
            try (Stream<Path> seeds = Files.list(folder)) {
                for (Path seed : seeds.sorted().toList()) {
                    if (LoggedRun.isIn(seed)) {
                        runs.add(LoggedRun.read(seed));
                    }
                }
            }
        }
        runs.removeIf(run -> !run.hasDiverged() && (!run.isComplete() || run.epochs().isEmpty()));
        if (runs.isEmpty()) {
            throw new IllegalArgumentException(
                    "no complete run in "
                            + folder
                            + ": it must be what parle compare --output or parle train --log has"
                            + " written to");
        }
        return new RunGroup(name, runs);
    }
}
