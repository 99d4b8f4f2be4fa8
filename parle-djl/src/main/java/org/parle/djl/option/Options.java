package org.parle.djl.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The options of one optimizer as given, checked, with the defaults behind them. Immutable. */
public final class Options {

    private final Map<String, Option> known;
    private final Map<String, Object> given;

    private Options(Map<String, Option> known, Map<String, Object> given) {
        this.known = known;
        this.given = given;
    }

    /**
     * Checks what was given.
     *
     * @param owner whose options these are, for messages
     * @param known the options there are
     * @param given values by name: strings, numbers or booleans
     * @return the checked options
     * @throws IllegalArgumentException if a name is not known (the nearest ones are suggested) or a
     *     value is out of range
     */
    public static Options of(String owner, List<Option> known, Map<String, ?> given) {
        Map<String, Option> byName = new LinkedHashMap<>();
        known.forEach(option -> byName.put(option.name(), option));
        Map<String, Object> values = new TreeMap<>();
        given.forEach(
                (name, value) -> {
                    Option option = byName.get(name);
                    if (option == null) {
                        throw new IllegalArgumentException(
                                owner
                                        + " has no option \""
                                        + name
                                        + "\": "
                                        + Nearest.hint(name, byName.keySet()));
                    }
                    values.put(name, option.parse(value));
                });
        return new Options(byName, values);
    }

    /**
     * Takes the part of these options that is meant for something else, which checks it anew.
     *
     * @param owner whose the options then are, for messages
     * @param wanted the options that the other knows
     * @param byDefault values where nothing was given, before the defaults of {@code wanted}
     * @return what was given of them, with those defaults behind
     * @throws IllegalArgumentException if a value is out of the other's range
     */
    public Options part(String owner, List<Option> wanted, Map<String, ?> byDefault) {
        Map<String, Object> values = new TreeMap<>();
        for (Option option : wanted) {
            Object value = given.getOrDefault(option.name(), byDefault.get(option.name()));
            if (value != null) {
                values.put(option.name(), value);
            }
        }
        return of(owner, wanted, values);
    }

    /**
     * Returns whether the user gave this option.
     *
     * @param name the option's name
     * @return false where the default holds
     */
    public boolean given(String name) {
        return given.containsKey(name);
    }

    /**
     * Returns a number.
     *
     * @param name the option's name
     * @return what was given, or the default
     * @throws IllegalArgumentException if neither is there
     */
    public double number(String name) {
        return ((Number) value(name)).doubleValue();
    }

    /**
     * Returns a number whose default follows from something else.
     *
     * @param name the option's name
     * @param derived the default
     * @return what was given, or the default
     */
    public double number(String name, double derived) {
        return given(name) ? number(name) : derived;
    }

    /**
     * Returns a whole number.
     *
     * @param name the option's name
     * @return what was given, or the default
     * @throws IllegalArgumentException if neither is there
     */
    public int integer(String name) {
        return ((Number) value(name)).intValue();
    }

    /**
     * Returns a word, or any value as text.
     *
     * @param name the option's name
     * @return what was given, or the default
     * @throws IllegalArgumentException if neither is there
     */
    public String text(String name) {
        return value(name).toString();
    }

    /**
     * Returns a flag.
     *
     * @param name the option's name
     * @return what was given, or the default
     * @throws IllegalArgumentException if neither is there
     */
    public boolean flag(String name) {
        return (Boolean) value(name);
    }

    /**
     * Returns the options as given: sorted by name, without the defaults.
     *
     * @return for example <code>{gamma=10.0, syncEvery=25}</code>
     */
    @Override
    public String toString() {
        return given.toString();
    }

    private Object value(String name) {
        Object value = given.get(name);
        if (value == null) {
            Option option = known.get(name);
            if (option == null) {
                throw new IllegalArgumentException("there is no option \"" + name + '"');
            }
            value = option.defaultValue();
            if (value == null) {
                throw new IllegalArgumentException(
                        name + " is required: " + option.meaning() + ", " + option.range());
            }
        }
        return value;
    }
}
