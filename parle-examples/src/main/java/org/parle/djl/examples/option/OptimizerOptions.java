package org.parle.djl.examples.option;

import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import org.parle.djl.Optimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Nearest;
import org.parle.djl.option.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every option of every optimizer found, as options of the command line: syncEvery is --sync-every.
 */
public final class OptimizerOptions {

    /** A name that a message uses as an option's: in camel case, with a value, or refused. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w-])([a-z][a-z0-9]*([A-Z]\\w*|(?==|\\s+must\\b)))");

    private OptimizerOptions() {}

    /**
     * Adds them all; the help shows those of some optimizers only, where no other will do.
     *
     * @param spec the command
     * @param willDo which optimizers the command takes
     * @param chosen names of options that the command chooses by itself
     */
    public static void addTo(
            CommandSpec spec, Predicate<OptimizerProvider> willDo, Set<String> chosen) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder()
                        .heading("%nOptions of the optimizer (parle optimizers NAME: its own):%n")
                        .exclusive(false)
                        .validate(false);
        owners().forEach(
                        (name, providers) -> {
                            String flag = flag(name);
                            if (spec.findOption(flag) == null) {
                                List<OptimizerProvider> shown =
                                        providers.stream().filter(willDo).toList();
                                boolean hidden = shown.isEmpty() || chosen.contains(name);
                                group.addArg(
                                        OptionSpec.builder(flag)
                                                .paramLabel("X")
                                                .type(String.class)
                                                .hidden(hidden)
                                                .description(hidden ? "" : description(name, shown))
                                                .build());
                            }
                        });
        spec.addArgGroup(group.build());
    }

    private static String description(String name, List<OptimizerProvider> providers) {
        // parle's own meaning, where several have an option of that name
        List<Option> options =
                providers.stream()
                        .sorted((a, b) -> Boolean.compare(isParle(b), isParle(a)))
                        .flatMap(provider -> provider.options().stream())
                        .filter(option -> option.name().equals(name))
                        .toList();
        Option first = options.get(0);
        List<String> alike = new ArrayList<>();
        if (alike(options, Option::range)) {
            alike.add(first.range());
        }
        if (alike(options, Option::defaultText)) {
            alike.add("default " + first.defaultText());
        }
        String values = alike.isEmpty() ? " " : " (" + String.join("; ", alike) + ") ";
        return (first.meaning() + values + whose(providers)).replace("%", "%%");
    }

    private static boolean alike(List<Option> options, Function<Option, String> property) {
        return options.stream().map(property).distinct().count() == 1;
    }

    private static String whose(List<OptimizerProvider> providers) {
        return providers.size() == Optimizer.providers().size()
                ? "[all]"
                : names(providers).stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private static boolean isParle(OptimizerProvider provider) {
        return provider.name().equals("parle");
    }

    private static List<String> names(List<OptimizerProvider> providers) {
        return providers.stream().map(OptimizerProvider::name).toList();
    }

    /** Returns who has each option, by its name. */
    private static Map<String, List<OptimizerProvider>> owners() {
        Map<String, List<OptimizerProvider>> owners = new TreeMap<>();
        for (OptimizerProvider provider : Optimizer.providers().values()) {
            for (Option option : provider.options()) {
                owners.computeIfAbsent(option.name(), name -> new ArrayList<>()).add(provider);
            }
        }
        return owners;
    }

    /** Returns the optimizer's options as typed, by the library's names. */
    public static Map<String, Object> given(ParseResult parsed, String optimizer) {
        Map<String, List<OptimizerProvider>> owners = owners();
        OptimizerProvider provider = Optimizer.providers().get(optimizer);
        Map<String, Object> given = new LinkedHashMap<>();
        owners.forEach(
                (name, having) -> {
                    OptionSpec typed = parsed.matchedOption(flag(name));
                    // where the command has an option of that name itself, that one is meant
                    if (typed != null && typed.group() != null) {
                        given.put(name, typed.getValue());
                        if (provider != null && !names(having).contains(optimizer)) {
                            refuse(provider, name, having);
                        }
                    }
                });
        return given;
    }

    private static void refuse(
            OptimizerProvider provider, String name, List<OptimizerProvider> having) {
        throw new IllegalArgumentException(
                provider.name()
                        + " has no option "
                        + flag(name)
                        + " (which is for "
                        + String.join(", ", names(having))
                        + "): "
                        + Nearest.hint(
                                flag(name),
                                provider.options().stream()
                                        .map(option -> flag(option.name()))
                                        .toList()));
    }

    /** Returns options as they are typed. */
    public static String typed(Map<String, Object> given) {
        List<String> all = new ArrayList<>();
        given.forEach((name, value) -> all.add(flag(name) + " " + value));
        return String.join(" ", all);
    }

    /** Replaces the library's names of options in a message by what is typed. */
    public static String asTyped(String message) {
        Map<String, List<OptimizerProvider>> owners = owners();
        return NAME.matcher(message)
                .replaceAll(
                        match -> {
                            String name = match.group(1);
                            boolean known = owners.containsKey(name) || name.equals("learningRate");
                            return Matcher.quoteReplacement(known ? flag(name) : name);
                        });
    }

    public static String flag(String name) {
        return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
