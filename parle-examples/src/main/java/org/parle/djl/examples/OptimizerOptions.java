package org.parle.djl.examples;

import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import org.parle.djl.Optimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Option;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every option of every optimizer found, as options of the command line: syncEvery is --sync-every.
 */
final class OptimizerOptions {

    private OptimizerOptions() {}

    static void addTo(CommandSpec spec) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder()
                        .heading("%nOptions of the optimizer (parle optimizers has ranges):%n")
                        .exclusive(false)
                        .validate(false);
        all().forEach(
                        (name, text) ->
                                group.addArg(
                                        OptionSpec.builder(flag(name))
                                                .paramLabel("X")
                                                .type(String.class)
                                                .description(text.replace("%", "%%"))
                                                .build()));
        spec.addArgGroup(group.build());
    }

    /** Returns the description of each option, by name, with the optimizers that have it. */
    private static Map<String, String> all() {
        Map<String, String> meanings = new TreeMap<>();
        Map<String, StringBuilder> owners = new LinkedHashMap<>();
        for (OptimizerProvider provider : Optimizer.providers().values()) {
            for (Option option : provider.options()) {
                meanings.putIfAbsent(option.name(), option.meaning());
                StringBuilder names =
                        owners.computeIfAbsent(option.name(), name -> new StringBuilder());
                names.append(names.length() == 0 ? "" : ", ").append(provider.name());
            }
        }
        meanings.replaceAll((name, meaning) -> meaning + " [" + owners.get(name) + "]");
        return meanings;
    }

    /** Returns the optimizer's options as typed, by the library's names. */
    static Map<String, Object> given(ParseResult parsed, String optimizer) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String name : all().keySet()) {
            if (parsed.hasMatchedOption(flag(name))) {
                given.put(name, parsed.matchedOptionValue(flag(name), ""));
            }
        }
        OptimizerProvider provider = Optimizer.providers().get(optimizer);
        if (provider != null) {
            given.keySet().forEach(name -> check(provider, name));
        }
        return given;
    }

    private static void check(OptimizerProvider provider, String name) {
        if (provider.options().stream().noneMatch(option -> option.name().equals(name))) {
            throw new IllegalArgumentException(
                    provider.name()
                            + " has no option "
                            + flag(name)
                            + "; it has "
                            + String.join(
                                    ", ",
                                    provider.options().stream()
                                            .map(option -> flag(option.name()))
                                            .toList()));
        }
    }

    static String flag(String name) {
        return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
