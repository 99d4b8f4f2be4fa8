package org.parle.djl.examples.option;

import java.util.Arrays;

/** Refuses what is typed as an option's value and is none. */
public final class Checks {

    private Checks() {}

    /**
     * Refuses a word that is not known.
     *
     * @param flag the option as it is typed
     * @param given its value
     * @param known the values there are
     * @throws IllegalArgumentException if it is none of them
     */
    public static void oneOf(String flag, String given, String... known) {
        if (!Arrays.asList(known).contains(given)) {
            throw new IllegalArgumentException(
                    flag + " must be " + String.join(", ", known) + ", not " + given);
        }
    }

    /**
     * Refuses a number that is too small.
     *
     * @param flag the option as it is typed
     * @param given its value
     * @param least the smallest that will do
     * @throws IllegalArgumentException if it is smaller
     */
    public static void atLeast(String flag, int given, int least) {
        if (given < least) {
            throw new IllegalArgumentException(
                    flag + " must be at least " + least + ", not " + given);
        }
    }
}
