package org.parle.djl.data;

import org.parle.djl.option.Nearest;

import java.util.List;
import java.util.function.DoubleFunction;

/** Reads shardings from text. */
final class ShardingNames {

    private static final List<String> KNOWN =
            List.of("full", "disjoint", "reshuffled", "fraction", "dirichlet", "sorted", "own");

    private ShardingNames() {}

    static Sharding parse(String text) {
        String[] parts = text.trim().split("=", 2);
        String value = parts.length == 2 ? parts[1].trim() : null;
        return switch (parts[0].trim()) {
            case "full" -> plain(text, value, Sharding.full());
            case "disjoint" -> plain(text, value, Sharding.disjoint());
            case "reshuffled" -> plain(text, value, Sharding.reshuffled());
            case "sorted" -> plain(text, value, Sharding.sorted());
            case "own" -> plain(text, value, Sharding.own());
            case "fraction" ->
                    number(text, value, "in (0, 1], as fraction=0.5", Sharding::fraction);
            case "dirichlet" ->
                    number(text, value, "above 0, as dirichlet=0.1", Sharding::dirichlet);
            default ->
                    throw new IllegalArgumentException(
                            String.format(
                                    "no sharding is called \"%s\": %s",
                                    text, Nearest.hint(parts[0].trim(), KNOWN)));
        };
    }

    private static Sharding plain(String text, String value, Sharding sharding) {
        if (value != null) {
            throw new IllegalArgumentException(
                    String.format("the sharding %s takes no number, got \"%s\"", sharding, text));
        }
        return sharding;
    }

    private static Sharding number(
            String text, String value, String range, DoubleFunction<Sharding> sharding) {
        double number;
        try {
            number = Double.parseDouble(value == null ? "" : value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    String.format("the sharding \"%s\" needs a number %s", text, range), e);
        }
        return sharding.apply(number);
    }
}
