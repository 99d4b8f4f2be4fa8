package org.parle.djl.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import org.parle.djl.examples.command.CompareCommand;
import org.parle.djl.examples.command.Failures;
import org.parle.djl.examples.command.FineTuneCommand;
import org.parle.djl.examples.command.OptimizersCommand;
import org.parle.djl.examples.command.PlotCommand;
import org.parle.djl.examples.command.SweepCommand;
import org.parle.djl.examples.command.TopologyCommand;
import org.parle.djl.examples.command.TrainCommand;
import org.parle.djl.examples.command.TuneCommand;
import org.parle.djl.examples.option.OptimizerOptions;

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
            "Exit codes: 0 done, 1 the run failed, 2 bad usage, 130 stopped by Ctrl+C, 143 by"
                    + " SIGTERM.",
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

    @CommandLine.Spec private CommandSpec spec;

    /** Creates the command; picocli does. */
    public Parle() {}

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args what was typed
     */
    public static void main(String[] args) {
        int code = Failures.FAILED;
        try {
            code = commandLine().execute(args);
        } catch (LinkageError | OutOfMemoryError e) {
            System.err.println("parle: " + Failures.line(e.toString()));
        }
        System.exit(code);
    }

    public static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Parle());
        for (String name : List.of("train", "fine-tune")) {
            OptimizerOptions.addTo(spec(command, name), provider -> true, Set.of());
        }
        OptimizerOptions.addTo(
                spec(command, "tune-consensus"), TuneCommand::tunes, Set.of(TuneCommand.STEP));
        Failures.handle(command);
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

    /** Tells the library's version. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Parle.class.getPackage().getImplementationVersion();
            return new String[] {"parle " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
