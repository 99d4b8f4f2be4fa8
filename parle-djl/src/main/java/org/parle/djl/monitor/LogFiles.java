package org.parle.djl.monitor;

import org.parle.djl.checkpoint.FreeSpace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files of one log, opened for the first row. Used by one thread. */
final class LogFiles implements AutoCloseable {

    private final Path folder;
    private final Map<String, Object> settings;
    private List<RowWriter> writers = List.of();
    private boolean closed;
    private long resumedAt;
    private double before;

    /** What may fail on the way to a disk. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    LogFiles(Path folder, Map<String, Object> settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * Goes on with the log that is there, if any, up to a step.
     *
     * @return the newest row that is kept; null for none
     */
    Row resume(long step) {
        Row[] last = new Row[1];
        guarded(
                () -> {
                    if (JsonLines.isIn(folder)) {
                        resumedAt = step;
                        last[0] = JsonLines.cut(folder, step);
                        before = last[0] == null ? 0 : last[0].seconds();
                    }
                });
        return last[0];
    }

    void write(Row row) {
        guarded(
                () -> {
                    open();
                    for (RowWriter writer : writers) {
                        writer.write(row);
                    }
                });
    }

    /** Writes the last line of a run that came to its end, and closes. */
    void end(Map<String, Double> results) {
        guarded(
                () -> {
                    open();
                    for (RowWriter writer : writers) {
                        writer.end(results);
                    }
                });
        close();
    }

    /** Writes the last line of a run that diverged, also after the files were closed. */
    void diverged(long step, String message) {
        guarded(
                () -> {
                    if (writers.isEmpty()) {
                        // before the first row
                        closed = false;
                        open();
                    }
                    close();
                    try (JsonLines lines = JsonLines.append(folder)) {
                        lines.diverged(step, message);
                    }
                });
    }

    private void open() throws IOException {
        if (closed) {
            throw new IllegalStateException("the log in " + folder + " has ended");
        }
        if (writers.isEmpty()) {
            Files.createDirectories(folder);
            double now = System.currentTimeMillis() / 1e3;
            writers =
                    List.of(
                            resumedAt > 0
                                    ? JsonLines.append(folder)
                                    : new JsonLines(folder, settings),
                            new CsvTable(folder, resumedAt),
                            new TensorBoardEvents(folder, now, resumedAt, before));
        }
    }

    @Override
    public void close() {
        closed = true;
        guarded(
                () -> {
                    for (RowWriter writer : writers) {
                        writer.close();
                    }
                });
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder
                            + ": the log cannot be written there: "
                            + e
                            + "; "
                            + FreeSpace.of(folder),
                    e);
        }
    }
}
