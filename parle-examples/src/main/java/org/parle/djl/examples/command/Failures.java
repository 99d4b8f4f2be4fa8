package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import org.parle.djl.ReplicaException;
import org.parle.djl.examples.option.OptimizerOptions;

import java.util.List;

/** How a command ends that cannot do what was asked: with one line, and an exit code. */
public final class Failures {

    /** The exit code of a run that failed. */
    public static final int FAILED = 1;

    /** The exit code where what was typed cannot be done. */
    public static final int BAD_USAGE = 2;

    private Failures() {}

    /**
     * Has a command, and those below it, end so.
     *
     * @param command the command
     */
    public static void handle(CommandLine command) {
        command.setParameterExceptionHandler(Failures::badUsage);
        command.setExecutionExceptionHandler(Failures::failed);
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

    /**
     * Returns a message in one line.
     *
     * @param message maybe of several
     * @return all of it
     */
    public static String line(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
