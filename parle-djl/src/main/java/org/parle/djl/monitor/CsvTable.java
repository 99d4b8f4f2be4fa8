package org.parle.djl.monitor;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table for each event, {@code epoch.csv} and {@code sync.csv}, in CSV (RFC 4180, with line
 * feeds). The first row says which columns there are; a cell is empty where a row has no such
 * number.
 */
final class CsvTable implements RowWriter {

    private final Path folder;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    CsvTable(Path folder) {
        this.folder = folder;
    }

    @Override
    public void write(Row row) throws IOException {
        Table table = tables.get(row.event());
        if (table == null) {
            Writer out = Files.newBufferedWriter(folder.resolve(row.event() + ".csv"));
            table = new Table(out, List.copyOf(row.values().keySet()));
            tables.put(row.event(), table);
            List<String> header = new ArrayList<>(List.of("epoch", "step", "seconds"));
            table.columns.forEach(column -> header.add(quoted(column)));
            line(table, header);
        }
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(row.epoch()));
        cells.add(String.valueOf(row.step()));
        cells.add(String.valueOf(row.seconds()));
        for (String column : table.columns) {
            Double value = row.values().get(column);
            cells.add(value == null ? "" : value.toString());
        }
        line(table, cells);
    }

    private static void line(Table table, List<String> cells) throws IOException {
        table.out.write(String.join(",", cells));
        table.out.write('\n');
        table.out.flush();
    }

    private static String quoted(String text) {
        return text.matches("[\\w .-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() throws IOException {
        for (Table table : tables.values()) {
            table.out.close();
        }
    }

    private record Table(Writer out, List<String> columns) {}
}
