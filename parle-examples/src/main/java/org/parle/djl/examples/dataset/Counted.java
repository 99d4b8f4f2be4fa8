package org.parle.djl.examples.dataset;

import java.util.List;
import java.util.stream.Collectors;

/** Numbers of things, and some of their names, in words. */
public final class Counted {

    private static final int MOST_NAMES = 3;

    private Counted() {}

    /** Returns a number and what it counts: 1 image, 2 images, 2 classes. */
    public static String of(long count, String one) {
        String many = one.endsWith("s") ? one + "es" : one + 's';
        return count + " " + (count == 1 ? one : many);
    }

    /** Returns the first few, and how many there are besides. */
    static String names(List<?> all) {
        String first =
                all.stream()
                        .limit(MOST_NAMES)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        int more = all.size() - MOST_NAMES;
        return more > 0 ? first + " and " + more + " more" : first;
    }
}
