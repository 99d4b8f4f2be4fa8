package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import org.parle.djl.examples.picture.ComparisonPictures;
import org.parle.djl.examples.result.Comparison;
import org.parle.djl.examples.result.ComparisonTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code parle plot}. */
@Command(
        name = "plot",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Draws the pictures and the table of parle compare anew, from logs.")
public final class PlotCommand implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description =
                    "what was --output of parle compare, one of the folders in it, or --log of"
                            + " parle train")
    private Path[] folders;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "folder for table and pictures (default: the first DIR)")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Comparison comparison = Comparison.read(folders);
        Path folder = output == null ? folders[0] : output;
        Files.createDirectories(folder);
        ComparisonPictures.prepare();
        new ComparisonTable(comparison).write(folder, spec.commandLine().getOut());
        ComparisonPictures.draw(comparison, folder, spec.commandLine().getOut());
        return 0;
    }
}
