package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

import org.parle.djl.examples.option.Varied;
import org.parle.djl.examples.picture.ComparisonPictures;
import org.parle.djl.examples.picture.SweepPicture;
import org.parle.djl.examples.result.Comparison;
import org.parle.djl.examples.result.LoggedRun;
import org.parle.djl.examples.result.RunGroup;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code parle sweep}. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Trains with every pair of two options' values, and draws the error as a heat map.",
            "Options it does not know itself go to parle train, for all runs. Started again with"
                    + " the same line it goes on with the first run that is not complete.",
            "A run that diverges is shown as such, and the others go on."
        })
public final class SweepCommand implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--vary",
            required = true,
            paramLabel = "OPTION=X,Y,...",
            description =
                    "an option of parle train and its values, as in --vary gamma=1,10,100; twice"
                            + " for a map, the first downwards, or once")
    private List<String> vary;

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1",
            paramLabel = "N",
            description = "seeds that each cell is the mean of")
    private int[] seeds;

    @Option(
            names = "--output",
            defaultValue = "sweep",
            paramLabel = "DIR",
            description = "folder for logs, table and picture")
    private Path output;

    @Unmatched private List<String> common = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        List<Varied> varied = vary.stream().map(Varied::parse).toList();
        if (varied.size() > 2) {
            throw new IllegalArgumentException("--vary once or twice, not " + varied.size());
        }
        if (varied.size() == 2 && varied.get(0).flag().equals(varied.get(1).flag())) {
            throw new IllegalArgumentException("--vary two options, not one twice");
        }
        Varied down = varied.size() == 2 ? varied.get(0) : Varied.none();
        Varied across = varied.get(varied.size() - 1);
        LoggedRuns jobs = new LoggedRuns();
        for (int seed : seeds) {
            for (String row : down.values()) {
                for (String column : across.values()) {
                    List<String> arguments = new ArrayList<>(List.of("train"));
                    arguments.addAll(common);
                    arguments.addAll(down.typed(row));
                    arguments.addAll(across.typed(column));
                    arguments.addAll(List.of("--seed", String.valueOf(seed)));
                    jobs.add(folder(down, row, across, column, seed), arguments);
                }
            }
        }
        jobs.check();
        return OutputFolder.alone(output, () -> run(jobs, down, across));
    }

    private int run(LoggedRuns jobs, Varied down, Varied across) throws IOException {
        int code = jobs.run(spec.commandLine());
        if (code == 0) {
            show(down, across);
        }
        return code;
    }

    private Path folder(Varied down, String row, Varied across, String column, int seed) {
        String cell = down.named(row) + (down.flag().isEmpty() ? "" : "_") + across.named(column);
        return Comparison.folder(output, cell, seed);
    }

    private RunGroup cell(Varied down, String row, Varied across, String column)
            throws IOException {
        List<LoggedRun> runs = new ArrayList<>();
        for (int seed : seeds) {
            runs.add(LoggedRun.read(folder(down, row, across, column, seed)));
        }
        return new RunGroup(down.named(row) + ' ' + across.named(column), runs);
    }

    private void show(Varied down, Varied across) throws IOException {
        RunGroup[][] cells = new RunGroup[down.values().size()][across.values().size()];
        StringBuilder table = new StringBuilder("| validation error, % |");
        across.values()
                .forEach(value -> table.append(' ').append(across.named(value)).append(" |"));
        table.append("\n|---|").append("---:|".repeat(across.values().size())).append('\n');
        for (int r = 0; r < cells.length; r++) {
            String row = down.values().get(r);
            table.append("| ").append(down.named(row)).append(" |");
            for (int c = 0; c < cells[r].length; c++) {
                cells[r][c] = cell(down, row, across, across.values().get(c));
                table.append(' ').append(cells[r][c].error()).append(" |");
            }
            table.append('\n');
        }
        Files.writeString(output.resolve("table.md"), table);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%n%s%ntable: %s%n", table, output.resolve("table.md"));
        ComparisonPictures.prepare();
        new SweepPicture(down, across, cells).draw(output.resolve("error"), out);
    }
}
