package org.parle.djl.option;

import java.util.List;

/**
 * What an option may be: numbers between two bounds, words, or both. Immutable.
 *
 * @param kind of values
 * @param least the lower bound
 * @param most the upper bound
 * @param words what a choice may be, what is allowed besides numbers, or a description of any text
 */
public record Range(Kind kind, Bound least, Bound most, List<String> words) {

    /** A kind of values. */
    public enum Kind {
        /** A finite real number. */
        NUMBER("a number"),
        /** A number without fraction. */
        INTEGER("a whole number"),
        /** True or false. */
        FLAG("true or false"),
        /** One of several words. */
        CHOICE("one of"),
        /** Any text. */
        TEXT("text");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * One end of a range of numbers.
     *
     * @param value infinite for none
     * @param within whether the value itself is allowed
     */
    public record Bound(double value, boolean within) {

        private String shown() {
            return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
        }
    }

    /**
     * Describes values without bounds.
     *
     * @param kind of values
     * @param words what a choice may be, or any text in words
     * @return the range
     */
    public static Range of(Kind kind, String... words) {
        return new Range(
                kind,
                new Bound(Double.NEGATIVE_INFINITY, true),
                new Bound(Double.POSITIVE_INFINITY, true),
                List.of(words));
    }

    Range from(Bound bound) {
        return new Range(kind, bound, most, words);
    }

    Range to(Bound bound) {
        return new Range(kind, least, bound, words);
    }

    Range or(String word) {
        return new Range(kind, least, most, List.of(word));
    }

    /**
     * Says what is allowed.
     *
     * @return for example {@code a number from 0 to 1}
     */
    @Override
    public String toString() {
        return switch (kind) {
            case TEXT -> words.get(0);
            case CHOICE -> kind.text + ' ' + String.join(", ", words);
            default -> {
                StringBuilder text = new StringBuilder(kind.text);
                if (!Double.isInfinite(least.value)) {
                    text.append(least.within ? " from " : " above ").append(least.shown());
                }
                if (!Double.isInfinite(most.value)) {
                    text.append(most.within ? " to " : " and below ").append(most.shown());
                }
                words.forEach(word -> text.append(", or ").append(word));
                yield text.toString();
            }
        };
    }

    /** Returns the value as Double, Integer, Boolean or String, or null where it is not allowed. */
    Object parse(String text) {
        if (kind == Kind.TEXT || words.contains(text)) {
            return text;
        }
        return switch (kind) {
            case FLAG -> List.of("true", "false").contains(text) ? Boolean.valueOf(text) : null;
            case NUMBER, INTEGER -> number(text);
            default -> null;
        };
    }

    private Object number(String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return null;
        }
        if (!Double.isFinite(number) || outside(number)) {
            return null;
        }
        if (kind == Kind.NUMBER) {
            return number;
        }
        return number == (int) number ? (Object) (int) number : null;
    }

    private boolean outside(double number) {
        boolean low = least.within ? number < least.value : number <= least.value;
        boolean high = most.within ? number > most.value : number >= most.value;
        return low || high;
    }

    /** Returns how to go on after a word that is not among those to choose from, or nothing. */
    String hint(String text) {
        boolean near = kind == Kind.CHOICE && !Nearest.to(text, words).isEmpty();
        return near ? "; " + Nearest.hint(text, words) : "";
    }
}
