package org.parle.djl.monitor;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table for each event, {@code epoch.csv} and {@code sync.csv}, in CSV (RFC 4180, with line
 * feeds). The first row says which columns there are; a cell is empty where a row has no such
 * number.
 */
final class CsvTable implements RowWriter {

    /** A comma that is not inside quotes. */
    private static final String BETWEEN = ",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";

    private final Path folder;
    private final long resumedAt;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** Goes on with tables that are there up to a step; begins new ones if it is 0. */
    CsvTable(Path folder, long resumedAt) {
        this.folder = folder;
        this.resumedAt = resumedAt;
    }

    @Override
    public void write(Row row) throws IOException {
        Table table = tables.get(row.event());
        if (table == null) {
            table = open(row);
            tables.put(row.event(), table);
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

    private Table open(Row row) throws IOException {
        Path file = folder.resolve(row.event() + ".csv");
        List<String> kept = resumedAt > 0 && Files.exists(file) ? kept(file) : List.of();
        List<String> columns = List.copyOf(row.values().keySet());
        if (!kept.isEmpty()) {
            columns =
                    Arrays.stream(kept.get(0).split(BETWEEN)).skip(3).map(CsvTable::bare).toList();
        }
        Table table = new Table(Files.newBufferedWriter(file), columns);
        if (kept.isEmpty()) {
            List<String> header = new ArrayList<>(List.of("epoch", "step", "seconds"));
            columns.forEach(column -> header.add(quoted(column)));
            line(table, header);
        }
        for (String line : kept) {
            line(table, List.of(line));
        }
        return table;
    }

    /** Returns the header and the rows up to the resumed step. */
    private List<String> kept(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", 3);
            // a kill may have left half of the last line
            boolean row = cells.length == 3 && cells[1].matches("\\d{1,18}");
            if (i == 0 || (row && Long.parseLong(cells[1]) <= resumedAt)) {
                kept.add(lines.get(i));
            }
        }
        return kept;
    }

    private static String bare(String cell) {
        return cell.startsWith("\"")
                ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"")
                : cell;
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
