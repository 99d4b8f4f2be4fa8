package org.parle.djl.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import org.parle.djl.ReplicaException;

import java.util.List;
import java.util.Set;

/** The {@code parle} command. */
@Command(
        name = "parle",
        mixinStandardHelpOptions = true,
        versionProvider = Parle.Version.class,
        description = "Trains one network with several coupled replicas.",
        subcommands = {
            TrainCommand.class,
            CompareCommand.class,
            PlotCommand.class,
            SweepCommand.class,
            FineTuneCommand.class,
            OptimizersCommand.class,
            TopologyCommand.class,
            TuneCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 the run failed, 2 bad usage, 130 stopped by Ctrl+C.",
            "",
            "Examples:",
            "  parle train",
            "  parle train --optimizer elastic-sgd --rho 100 --replicas 4 --output model",
            "  parle train --optimizer choco-sgd --topology ring --compressor sign --replicas 4",
            "  parle compare --run \"sgd --replicas 1\" --run \"parle --replicas 3\" --epochs 2",
            "  parle fine-tune --model djl://ai.djl.pytorch/resnet/0.0.1/traced_resnet18",
            "  parle tune-consensus --compressor top-k --keep 0.05",
            "  parle optimizers parle",
            "  parle topology ring --replicas 16 --output ring.png"
        })
public final class Parle implements Runnable {

    static final int FAILED = 1;
    static final int BAD_USAGE = 2;
    static final int INTERRUPTED = 130;

    @CommandLine.Spec private CommandSpec spec;

    /** Creates the command; picocli does. */
    public Parle() {}

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args what was typed
     */
    public static void main(String[] args) {
        int code = FAILED;
        try {
            code = commandLine().execute(args);
        } catch (LinkageError | OutOfMemoryError e) {
            System.err.println("parle: " + line(e.toString()));
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Parle());
        for (String name : List.of("train", "fine-tune")) {
            OptimizerOptions.addTo(spec(command, name), provider -> true, Set.of());
        }
        OptimizerOptions.addTo(
                spec(command, "tune-consensus"), TuneCommand::tunes, Set.of(TuneCommand.STEP));
        command.setParameterExceptionHandler(Parle::badUsage);
        command.setExecutionExceptionHandler(Parle::failed);
        return command;
    }

    private static CommandSpec spec(CommandLine command, String name) {
        return command.getSubcommands().get(name).getCommandSpec();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what shall it do? parle train, or parle --help");
    }

    private static int badUsage(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println("parle: " + message(e));
        return BAD_USAGE;
    }

    /** Returns what is wrong with what was typed, in one line. */
    static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return line(e.getMessage());
        }
        List<String> suggestions = unmatched.getSuggestions();
        String hint = suggestions.isEmpty() ? "" : "; did you mean " + suggestions.get(0) + "?";
        // what follows an option that is not known was meant as its value
        String first = unmatched.getUnmatched().get(0);
        return unmatched.isUnknownOption()
                ? "there is no option " + first + hint
                : "\"" + first + "\" is not expected here" + hint;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        Throwable shown = e;
        String who = "";
        if (e instanceof ReplicaException failure) {
            shown = e.getCause();
            who = "replica " + failure.getRank() + " failed: ";
        }
        String message = shown.getMessage();
        // some exceptions tell what they are by their type only
        boolean clear = message != null && message.contains(" ");
        String text = line(clear ? message : shown.toString());
        command.getErr().println("parle: " + who + OptimizerOptions.asTyped(text));
        if (command.getParseResult().hasMatchedOption("--stacktrace")) {
            e.printStackTrace(command.getErr());
        }
        return shown instanceof IllegalArgumentException ? BAD_USAGE : FAILED;
    }

    private static String line(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }

    /** Tells the library's version. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Parle.class.getPackage().getImplementationVersion();
            return new String[] {"parle " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
