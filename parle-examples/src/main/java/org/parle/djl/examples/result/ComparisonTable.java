package org.parle.djl.examples.result;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A comparison as a table, in text and in Markdown.
 *
 * @param comparison what is shown
 */
public record ComparisonTable(Comparison comparison) {

    private static final String FILE = "table.md";

    /** Writes the Markdown beside the logs, and shows the text. */
    public void write(Path folder, PrintWriter out) throws IOException {
        Files.writeString(folder.resolve(FILE), markdown());
        out.printf("%n%s%ntable: %s%n", text(), folder.resolve(FILE));
        out.flush();
    }

    String markdown() {
        List<String[]> rows = rows();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---|").append("---:|".repeat(rows.get(0).length - 1)).append('\n');
            }
        }
        return text.toString();
    }

    private String text() {
        List<String[]> rows = rows();
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            text.append(row[0]).append(" ".repeat(widths[0] - row[0].length()));
            for (int c = 1; c < columns; c++) {
                text.append("  ").append(" ".repeat(widths[c] - row[c].length())).append(row[c]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private List<String[]> rows() {
        List<String[]> rows = new ArrayList<>();
        rows.add(
                new String[] {
                    "run",
                    "seeds",
                    "steps of a replica",
                    "gradients in all",
                    "validation error, %",
                    "training error, %",
                    "training, s",
                    "sent, MB"
                });
        for (RunGroup group : comparison.groups()) {
            rows.add(
                    new String[] {
                        group.name(),
                        String.valueOf(group.runs().size()),
                        mean(group, "stepsPerReplica"),
                        mean(group, "gradientsInAll"),
                        group.error(),
                        group.text("trainingError", 100, "%.2f"),
                        group.text("trainingSeconds", 1, "%.1f"),
                        group.text("bytesInAll", 1e-6, "%.1f")
                    });
        }
        return rows;
    }

    private static String mean(RunGroup group, String name) {
        return group.complete().isEmpty()
                ? "-"
                : String.format(Locale.ROOT, "%.0f", group.result(name, 1).mean());
    }
}
