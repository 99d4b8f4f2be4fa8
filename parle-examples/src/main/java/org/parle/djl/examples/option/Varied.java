package org.parle.djl.examples.option;

import java.util.List;

/**
 * An option that a sweep varies.
 *
 * @param flag as it is typed, empty for none
 * @param values as they are typed
 */
public record Varied(String flag, List<String> values) {

    /** Returns what a sweep over one option has downwards. */
    public static Varied none() {
        return new Varied("", List.of(""));
    }

    public static Varied parse(String text) {
        int equals = text.indexOf('=');
        List<String> values =
                equals < 1 ? List.of() : List.of(text.substring(equals + 1).split(",", -1));
        if (values.size() < 2
                || values.stream().distinct().count() < values.size()
                || values.contains("")) {
            throw new IllegalArgumentException(
                    "--vary must be an option and at least two different values, as in --vary"
                            + " gamma=1,10,100, not "
                            + text);
        }
        String name = text.substring(0, equals).strip();
        return new Varied(name.startsWith("--") ? name : OptimizerOptions.flag(name), values);
    }

    public List<String> typed(String value) {
        return flag.isEmpty() ? List.of() : List.of(flag, value);
    }

    /** Returns the option without dashes. */
    public String name() {
        return flag.isEmpty() ? "" : flag.substring(2);
    }

    public String named(String value) {
        return flag.isEmpty() ? "" : name() + '=' + value;
    }
}
