package org.parle.djl.examples.option;

import java.util.ArrayList;
import java.util.List;

/**
 * A run as it is typed for {@code parle compare}: {@code "parle --replicas 3"}, or with a name
 * before it, {@code "Parle, n=3: parle --replicas 3"}.
 *
 * @param name for tables and pictures
 * @param words the optimizer and its options
 */
public record RunWords(String name, List<String> words) {

    public static final List<String> PAPER =
            List.of(
                    "sgd: sgd --replicas 1",
                    "entropy-sgd: entropy-sgd --replicas 1",
                    "elastic-sgd, n=3: elastic-sgd --replicas 3",
                    "parle, n=3: parle --replicas 3");

    public static RunWords parse(String text) {
        int colon = text.indexOf(": ");
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        String line = colon < 0 ? text : text.substring(colon + 1);
        List<String> words = List.of(line.strip().split("\\s+"));
        if (name.isEmpty() || words.get(0).isEmpty() || words.get(0).startsWith("-")) {
            throw new IllegalArgumentException(
                    "--run must be an optimizer and its options, as in --run \"parle --replicas"
                            + " 3\", maybe after a name and a colon, not \""
                            + text
                            + '"');
        }
        return new RunWords(name, words);
    }

    /** Returns what {@code parle} is given to train this. */
    public List<String> train(List<String> common) {
        List<String> all = new ArrayList<>(List.of("train", "--optimizer", words.get(0)));
        all.addAll(common);
        all.addAll(words.subList(1, words.size()));
        return all;
    }
}
