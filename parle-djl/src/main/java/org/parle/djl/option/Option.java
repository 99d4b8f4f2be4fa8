package org.parle.djl.option;

/**
 * One option of an optimizer: its name, what it means, what it may be, and what it is by default.
 *
 * <p>Immutable: {@code from}, {@code upTo} and their like return a changed copy.
 *
 * @param name in camel case
 * @param meaning what the option does, one line
 * @param allowed what it may be
 * @param defaultValue as Double, Integer, Boolean or String; null where there is none
 * @param defaultText the default as text, or in words what it follows from, or {@code required}
 */
public record Option(
        String name, String meaning, Range allowed, Object defaultValue, String defaultText) {

    private static Option of(String name, String meaning, Range allowed) {
        return new Option(name, meaning, allowed, null, "required");
    }

    /**
     * Describes an option that is a finite real number.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without range and without default
     */
    public static Option number(String name, String meaning) {
        return of(name, meaning, Range.of(Range.Kind.NUMBER));
    }

    /**
     * Describes an option that is a whole number.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without range and without default
     */
    public static Option integer(String name, String meaning) {
        return of(name, meaning, Range.of(Range.Kind.INTEGER));
    }

    /**
     * Describes an option that is true or false.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without default
     */
    public static Option flag(String name, String meaning) {
        return of(name, meaning, Range.of(Range.Kind.FLAG));
    }

    /**
     * Describes an option that is one of several words.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @param words what it may be
     * @return an option without default
     */
    public static Option choice(String name, String meaning, String... words) {
        return of(name, meaning, Range.of(Range.Kind.CHOICE, words));
    }

    /**
     * Describes an option that is any text; who uses it refuses what it cannot be.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @param range what it may be, in words
     * @return an option without default
     */
    public static Option text(String name, String meaning, String range) {
        return of(name, meaning, Range.of(Range.Kind.TEXT, range));
    }

    /**
     * Allows this value and all above.
     *
     * @param bound the least value
     * @return the changed option
     */
    public Option from(double bound) {
        return within(allowed.from(new Range.Bound(bound, true)));
    }

    /**
     * Allows only values above this one.
     *
     * @param bound what the value must exceed
     * @return the changed option
     */
    public Option above(double bound) {
        return within(allowed.from(new Range.Bound(bound, false)));
    }

    /**
     * Allows this value and all below.
     *
     * @param bound the greatest value
     * @return the changed option
     */
    public Option upTo(double bound) {
        return within(allowed.to(new Range.Bound(bound, true)));
    }

    /**
     * Allows only values below this one.
     *
     * @param bound what the value must stay below
     * @return the changed option
     */
    public Option below(double bound) {
        return within(allowed.to(new Range.Bound(bound, false)));
    }

    /**
     * Allows a word besides the numbers.
     *
     * @param word for example {@code auto}
     * @return the changed option
     */
    public Option orWord(String word) {
        return within(allowed.or(word));
    }

    private Option within(Range range) {
        return new Option(name, meaning, range, defaultValue, defaultText);
    }

    /**
     * Sets the default.
     *
     * @param byDefault the value where none is given
     * @return the changed option
     */
    public Option byDefault(Object byDefault) {
        String text = String.valueOf(byDefault);
        return new Option(
                name,
                meaning,
                allowed,
                parse(byDefault),
                text.endsWith(".0") ? text.substring(0, text.length() - 2) : text);
    }

    /**
     * Says in words what the default is, where it follows from other options or from the data; the
     * algorithm works it out.
     *
     * @param text what to tell the user
     * @return the changed option
     */
    public Option derived(String text) {
        return new Option(name, meaning, allowed, null, text);
    }

    /**
     * Says anew what the option does.
     *
     * @param text one line
     * @return the changed option
     */
    public Option meaning(String text) {
        return new Option(name, text, allowed, defaultValue, defaultText);
    }

    /**
     * Says what the option may be.
     *
     * @return for example {@code a number from 0 to 1}
     */
    public String range() {
        return allowed.toString();
    }

    /** Returns the value as Double, Integer, Boolean or String. */
    Object parse(Object given) {
        String text = String.valueOf(given).trim();
        Object value = allowed.parse(text);
        if (value == null) {
            throw new IllegalArgumentException(
                    name + " must be " + range() + ", not " + text + allowed.hint(text));
        }
        return value;
    }
}
