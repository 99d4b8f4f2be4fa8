package org.parle.djl.examples;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command as a user types it, run in this JVM. */
public final class Command {

    private Command() {}

    /**
     * What came of it.
     *
     * @param code the exit code
     * @param out what it printed
     * @param err what it complained of
     */
    public record Outcome(int code, String out, String err) {}

    public static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Parle.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        for (CommandLine sub : command.getSubcommands().values()) {
            sub.setOut(command.getOut()).setErr(command.getErr());
        }
        int code = command.execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Runs a line of words without spaces in them. */
    public static Outcome type(String line) {
        return run(line.isEmpty() ? new String[0] : line.split(" ", -1));
    }

    /** Reads a line and runs nothing; an option that there is none of is an exception. */
    public static void parse(String... args) {
        Parle.commandLine().parseArgs(args);
    }
}
