package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

import org.parle.djl.examples.option.Checks;
import org.parle.djl.examples.option.RunWords;
import org.parle.djl.examples.picture.ComparisonPictures;
import org.parle.djl.examples.result.Comparison;
import org.parle.djl.examples.result.ComparisonTable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code parle compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Trains with several optimizers and seeds, one after the other, and ends with a table"
                    + " and pictures of the error.",
            "Options it does not know itself go to parle train, for all runs. Started again with"
                    + " the same line it goes on with the first run that is not complete.",
            "A run that diverges is shown as such, and the others go on."
        })
public final class CompareCommand implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--run",
            paramLabel = "\"[NAME: ]OPTIMIZER [OPTION...]\"",
            description =
                    "one of the runs, with options of its own (default: the paper's four: sgd,"
                            + " entropy-sgd, and with 3 replicas elastic-sgd and parle)")
    private List<String> runs;

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1,2,3",
            paramLabel = "N",
            description = "seeds that each is run with")
    private int[] seeds;

    @Option(
            names = "--equal",
            defaultValue = "steps",
            paramLabel = "WHAT",
            description =
                    "what all runs get: steps (each replica trains for --epochs), gradients (of"
                            + " all replicas together: a run with fewer replicas trains for more"
                            + " epochs than --epochs, and drops its rate later, too), or seconds"
                            + " (of training: give --max-seconds)")
    private String equal;

    @Option(
            names = "--output",
            defaultValue = "comparison",
            paramLabel = "DIR",
            description = "folder for logs, table and pictures")
    private Path output;

    @Unmatched private List<String> common = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        List<RunWords> words =
                (runs == null ? RunWords.PAPER : runs).stream().map(RunWords::parse).toList();
        check(words);
        List<List<String>> all = new Budget(equal).arguments(words, common);
        LoggedRuns jobs = new LoggedRuns();
        // so that what is there when it is stopped has as many seeds of each
        for (int seed : seeds) {
            for (int i = 0; i < words.size(); i++) {
                List<String> arguments = new ArrayList<>(all.get(i));
                arguments.addAll(List.of("--seed", String.valueOf(seed)));
                jobs.add(Comparison.folder(output, words.get(i).name(), seed), arguments);
            }
        }
        jobs.check();
        return OutputFolder.alone(
                output, () -> run(jobs, words.stream().map(RunWords::name).toList()));
    }

    private int run(LoggedRuns jobs, List<String> names) throws IOException {
        int code = jobs.run(spec.commandLine());
        if (code != 0) {
            return code;
        }
        Comparison.write(output, names);
        ComparisonPictures.prepare();
        Comparison comparison = Comparison.read(output);
        new ComparisonTable(comparison).write(output, spec.commandLine().getOut());
        ComparisonPictures.draw(comparison, output, spec.commandLine().getOut());
        return 0;
    }

    private void check(List<RunWords> words) {
        Checks.oneOf("--equal", equal, "steps", "gradients", "seconds");
        Set<String> names = new HashSet<>();
        for (RunWords run : words) {
            if (!names.add(Comparison.folderName(run.name()))) {
                throw new IllegalArgumentException(
                        "two runs are called \""
                                + run.name()
                                + "\": give them names, as in --run \"A: "
                                + String.join(" ", run.words())
                                + '"');
            }
        }
    }
}
