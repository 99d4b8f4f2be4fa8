package org.parle.djl.option;

import java.util.List;

/**
 * One option of an optimizer: its name, what it means, what it may be, and what it is by default.
 *
 * <p>Immutable: {@code from}, {@code upTo} and their like return a changed copy.
 */
public final class Option {

    private enum Kind {
        NUMBER("a number"),
        INTEGER("a whole number"),
        FLAG("true or false"),
        CHOICE("one of"),
        TEXT("text");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final Kind kind;
    private final String name;
    private final String meaning;
    private final Object value;
    private final String defaultText;
    private final double least;
    private final boolean above;
    private final double most;
    private final boolean below;
    private final List<String> words;

    private Option(
            Kind kind,
            String name,
            String meaning,
            Object value,
            String defaultText,
            double least,
            boolean above,
            double most,
            boolean below,
            List<String> words) {
        this.kind = kind;
        this.name = name;
        this.meaning = meaning;
        this.value = value;
        this.defaultText = defaultText;
        this.least = least;
        this.above = above;
        this.most = most;
        this.below = below;
        this.words = words;
    }

    private static Option of(Kind kind, String name, String meaning, List<String> words) {
        double inf = Double.POSITIVE_INFINITY;
        return new Option(kind, name, meaning, null, "required", -inf, false, inf, false, words);
    }

    /**
     * Describes an option that is a finite real number.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without range and without default
     */
    public static Option number(String name, String meaning) {
        return of(Kind.NUMBER, name, meaning, List.of());
    }

    /**
     * Describes an option that is a whole number.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without range and without default
     */
    public static Option integer(String name, String meaning) {
        return of(Kind.INTEGER, name, meaning, List.of());
    }

    /**
     * Describes an option that is true or false.
     *
     * @param name its name, in camel case
     * @param meaning what it does, one line
     * @return an option without default
     */
    public static Option flag(String name, String meaning) {
        return of(Kind.FLAG, name, meaning, List.of());
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
        return of(Kind.CHOICE, name, meaning, List.of(words));
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
        return of(Kind.TEXT, name, meaning, List.of(range));
    }

    /**
     * Allows this value and all above.
     *
     * @param bound the least value
     * @return the changed option
     */
    public Option from(double bound) {
        return copy(value, defaultText, bound, false, most, below, words);
    }

    /**
     * Allows only values above this one.
     *
     * @param bound what the value must exceed
     * @return the changed option
     */
    public Option above(double bound) {
        return copy(value, defaultText, bound, true, most, below, words);
    }

    /**
     * Allows this value and all below.
     *
     * @param bound the greatest value
     * @return the changed option
     */
    public Option upTo(double bound) {
        return copy(value, defaultText, least, above, bound, false, words);
    }

    /**
     * Allows only values below this one.
     *
     * @param bound what the value must stay below
     * @return the changed option
     */
    public Option below(double bound) {
        return copy(value, defaultText, least, above, bound, true, words);
    }

    /**
     * Allows a word besides the numbers.
     *
     * @param word for example {@code auto}
     * @return the changed option
     */
    public Option orWord(String word) {
        return copy(value, defaultText, least, above, most, below, List.of(word));
    }

    /**
     * Sets the default.
     *
     * @param byDefault the value where none is given
     * @return the changed option
     */
    public Option byDefault(Object byDefault) {
        String text = String.valueOf(byDefault);
        return copy(
                parse(byDefault),
                text.endsWith(".0") ? text.substring(0, text.length() - 2) : text,
                least,
                above,
                most,
                below,
                words);
    }

    /**
     * Says in words what the default is, where it follows from other options or from the data; the
     * algorithm works it out.
     *
     * @param text what to tell the user
     * @return the changed option
     */
    public Option derived(String text) {
        return copy(null, text, least, above, most, below, words);
    }

    /**
     * Says anew what the option does.
     *
     * @param text one line
     * @return the changed option
     */
    public Option meaning(String text) {
        return new Option(kind, name, text, value, defaultText, least, above, most, below, words);
    }

    private Option copy(
            Object v, String text, double lo, boolean ex, double hi, boolean bl, List<String> w) {
        return new Option(kind, name, meaning, v, text, lo, ex, hi, bl, w);
    }

    /**
     * Returns the name.
     *
     * @return the name, in camel case
     */
    public String name() {
        return name;
    }

    /**
     * Returns what the option does.
     *
     * @return one line
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns the default as text.
     *
     * @return the value, or in words what it follows from, or {@code required}
     */
    public String defaultText() {
        return defaultText;
    }

    /**
     * Says what the option may be.
     *
     * @return for example {@code a number from 0 to 1}
     */
    public String range() {
        if (kind == Kind.TEXT) {
            return words.get(0);
        }
        StringBuilder text = new StringBuilder(kind.text);
        if (kind == Kind.CHOICE) {
            return text.append(' ').append(String.join(", ", words)).toString();
        }
        if (!Double.isInfinite(least)) {
            text.append(above ? " above " : " from ").append(shown(least));
        }
        if (!Double.isInfinite(most)) {
            text.append(below ? " and below " : " to ").append(shown(most));
        }
        for (String word : words) {
            text.append(", or ").append(word);
        }
        return text.toString();
    }

    private static String shown(double bound) {
        return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
    }

    /** Returns the default's value, null where there is none. */
    Object defaultValue() {
        return value;
    }

    /** Returns the value as Double, Integer, Boolean or String. */
    Object parse(Object given) {
        String text = String.valueOf(given).trim();
        if (kind == Kind.TEXT || words.contains(text)) {
            return text;
        }
        try {
            if (kind == Kind.FLAG && (text.equals("true") || text.equals("false"))) {
                return Boolean.valueOf(text);
            }
            if (kind == Kind.NUMBER || kind == Kind.INTEGER) {
                double number = Double.parseDouble(text);
                boolean allowed = Double.isFinite(number) && !outside(number);
                if (allowed && kind == Kind.NUMBER) {
                    return number;
                }
                if (allowed && number == (int) number) {
                    return (int) number;
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private boolean outside(double number) {
        boolean low = above ? number <= least : number < least;
        boolean high = below ? number >= most : number > most;
        return low || high;
    }

    private String refusal(String text) {
        boolean near = kind == Kind.CHOICE && !Nearest.to(text, words).isEmpty();
        String hint = near ? "; " + Nearest.hint(text, words) : "";
        return name + " must be " + range() + ", not " + text + hint;
    }
}
