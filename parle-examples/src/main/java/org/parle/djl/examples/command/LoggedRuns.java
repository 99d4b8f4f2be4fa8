package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.examples.option.TrainOptions;
import org.parle.djl.examples.result.LoggedRun;
import org.parle.djl.option.Counted;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Trains one after the other, each into a folder of its own; what is complete there stays, and so
 * does what has diverged, which does not keep the others from running.
 */
final class LoggedRuns {

    private final List<Job> jobs = new ArrayList<>();

    /**
     * One run.
     *
     * @param folder of its log
     * @param arguments of {@code parle}, without the log
     */
    private record Job(Path folder, List<String> arguments) {

        String[] typed() {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of("--log", folder.toString()));
            return all.toArray(String[]::new);
        }

        /** Returns what there is of it, null where it has not begun to write. */
        LoggedRun log() throws IOException {
            if (!LoggedRun.isIn(folder)) {
                return null;
            }
            LoggedRun log = LoggedRun.read(folder);
            List<String> theirs = log.arguments();
            // those of train, less --log and its folder
            List<String> before = theirs.subList(0, Math.max(0, theirs.size() - 2));
            if (!before.equals(arguments)) {
                throw new IllegalArgumentException(
                        folder
                                + " has a run with other options ("
                                + String.join(" ", before)
                                + "); take another --output, or remove that folder");
            }
            return log;
        }

        boolean hasDiverged() throws IOException {
            LoggedRun log = log();
            return log != null && log.hasDiverged();
        }
    }

    /** Returns a {@code parle} that can only train. */
    private static CommandLine commandLine() {
        CommandLine train = new CommandLine(new TrainCommand());
        OptimizerOptions.addTo(train.getCommandSpec(), provider -> true, Set.of());
        CommandLine command = new CommandLine(CommandSpec.create().name("parle"));
        command.addSubcommand(train);
        Failures.handle(command);
        return command;
    }

    /** Adds a run; its arguments are those of {@code parle}. */
    void add(Path folder, List<String> arguments) {
        jobs.add(new Job(folder, lastOnly(arguments)));
    }

    /**
     * Looks at the options of a run, before any run begins.
     *
     * @param arguments of {@code parle}
     */
    static TrainOptions options(List<String> arguments) throws IOException {
        CommandLine command = commandLine();
        try {
            command.parseArgs(lastOnly(arguments).toArray(String[]::new));
        } catch (ParameterException e) {
            throw new IllegalArgumentException(Failures.message(e), e);
        }
        CommandLine train = command.getSubcommands().get("train");
        TrainCommand checked = (TrainCommand) train.getCommandSpec().userObject();
        checked.check();
        return checked.options();
    }

    /** Leaves of options that are there several times the last: a run's own, after those of all. */
    private static List<String> lastOnly(List<String> arguments) {
        List<String> left = new ArrayList<>();
        boolean dropping = false;
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.startsWith("--")) {
                String name = name(word);
                dropping =
                        arguments.subList(i + 1, arguments.size()).stream()
                                .anyMatch(later -> name(later).equals(name));
            }
            if (!dropping) {
                left.add(word);
            }
        }
        return left;
    }

    private static String name(String word) {
        return word.replaceFirst("=.*", "");
    }

    /** Looks at the options of all runs, before any begins. */
    void check() throws IOException {
        for (Job job : jobs) {
            options(job.arguments);
        }
    }

    /**
     * Runs what is not complete yet and has not diverged.
     *
     * @param caller whose output is used
     * @return an exit code, 0 where nothing is left
     */
    int run(CommandLine caller) throws IOException {
        List<Job> left = new ArrayList<>();
        List<Path> diverged = new ArrayList<>();
        for (Job job : jobs) {
            LoggedRun log = job.log();
            if (log == null || !(log.isComplete() || log.hasDiverged())) {
                left.add(job);
            } else if (log.hasDiverged()) {
                diverged.add(job.folder);
            }
        }
        PrintWriter out = caller.getOut();
        int complete = jobs.size() - left.size() - diverged.size();
        if (complete > 0) {
            String runs = Counted.of(jobs.size(), "run");
            out.printf("%d of %s %s complete%n", complete, runs, complete == 1 ? "is" : "are");
        }
        for (Path folder : diverged) {
            out.printf("diverged before, remove the folder to run it again: %s%n", folder);
        }
        for (Job job : left) {
            out.printf("%n%s%n", String.join(" ", job.arguments));
            out.flush();
            CommandLine command = commandLine();
            for (CommandLine one : command.getSubcommands().values()) {
                one.setOut(out).setErr(caller.getErr());
            }
            int code = command.setOut(out).setErr(caller.getErr()).execute(job.typed());
            // that it diverged its log says, and why it has printed
            if (code != 0 && !job.hasDiverged()) {
                return code;
            }
        }
        return 0;
    }
}
