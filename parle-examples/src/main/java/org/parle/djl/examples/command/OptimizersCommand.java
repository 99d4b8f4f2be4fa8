package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import org.parle.djl.Optimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.examples.option.DefaultRate;
import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.option.Nearest;
import org.parle.djl.option.Option;

import java.io.PrintWriter;
import java.util.Map;

/** {@code parle optimizers}. */
@Command(
        name = "optimizers",
        mixinStandardHelpOptions = true,
        description = "Lists every optimizer found, each option with range, default and meaning.")
public final class OptimizersCommand implements Runnable {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this one.")
    private String name;

    @Override
    public void run() {
        Map<String, OptimizerProvider> providers = Optimizer.providers();
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            providers.values().forEach(provider -> print(provider, out));
        } else if (providers.containsKey(name)) {
            print(providers.get(name), out);
        } else {
            throw new IllegalArgumentException(
                    "no optimizer is called \""
                            + name
                            + "\": "
                            + Nearest.hint(name, providers.keySet()));
        }
        out.flush();
    }

    private static void print(OptimizerProvider provider, PrintWriter out) {
        out.printf("%s: %s%n", provider.name(), provider.summary());
        row(
                out,
                "--learning-rate",
                "a number above 0",
                String.valueOf(DefaultRate.of(provider, null)),
                "η, the learning rate");
        for (Option option : provider.options()) {
            row(
                    out,
                    OptimizerOptions.flag(option.name()),
                    option.range(),
                    option.defaultText(),
                    option.meaning());
        }
        out.println();
    }

    private static void row(
            PrintWriter out, String flag, String range, String byDefault, String meaning) {
        out.printf("  %-22s %s%n", flag, meaning);
        out.printf("  %-22s   %s; default %s%n", "", range, byDefault);
    }
}
