package org.parle.djl.algorithm;

import ai.djl.ndarray.types.Shape;

import org.parle.djl.compress.Compressor;
import org.parle.djl.compress.CompressorProvider;
import org.parle.djl.compress.Compressors;
import org.parle.djl.compress.MessageCodec;
import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The compressor of an algorithm: {@code compressor} and the options of every compressor found, as
 * options of the optimizer, and what an algorithm makes of them. Immutable.
 */
final class Compression {

    static final String COMPRESSOR = "compressor";

    // below 0 by bounds that hold for every u; usual ones are better by about this much
    private static final double LEAST_DELTA = -1;

    /** What replaces an all-reduce where it is asked for. */
    static final Compression OF_MEANS = byDefault("none");

    /** Full floats, without options. */
    static final Compression FULL = only("none");

    private final String name;
    private final boolean choice;
    private final Map<String, Object> defaults;

    private Compression(String name, boolean choice, Map<String, Object> defaults) {
        this.name = name;
        this.choice = choice;
        this.defaults = defaults;
    }

    /** Any compressor, this one by default. */
    static Compression byDefault(String name) {
        return new Compression(name, true, Map.of());
    }

    /** This compressor only. */
    static Compression only(String name) {
        return new Compression(name, false, Map.of());
    }

    /** Replaces the default of a compressor's option. */
    Compression with(String option, Object value) {
        Map<String, Object> more = new TreeMap<>(defaults);
        more.put(option, value);
        return new Compression(name, choice, more);
    }

    /** Returns the options given, followed by this compression's. */
    Option[] options(Option... own) {
        List<Option> all = new ArrayList<>(List.of(own));
        Map<String, CompressorProvider> providers = Compressors.providers();
        if (!choice) {
            providers.get(name).options().forEach(option -> all.add(preset(option)));
            return all.toArray(Option[]::new);
        }
        all.add(
                Option.choice(
                                COMPRESSOR,
                                "how messages are compressed",
                                providers.keySet().toArray(String[]::new))
                        .byDefault(name));
        Map<String, Option> theirs = new LinkedHashMap<>();
        providers.values().forEach(p -> p.options().forEach(o -> addTo(theirs, p.name(), o)));
        theirs.values().forEach(option -> all.add(preset(option)));
        return all.toArray(Option[]::new);
    }

    private static void addTo(Map<String, Option> all, String compressor, Option option) {
        Option known = all.get(option.name());
        if (known == null) {
            all.put(option.name(), option.meaning(compressor + ": " + option.meaning()));
        } else {
            String both = compressor + ", " + known.meaning();
            // each compressor checks its own range
            all.put(
                    option.name(),
                    known.range().equals(option.range())
                            ? known.meaning(both)
                            : Option.text(option.name(), both, "as the compressor says")
                                    .derived("the compressor's"));
        }
    }

    private Option preset(Option option) {
        Object value = defaults.get(option.name());
        return value == null ? option : option.byDefault(value);
    }

    /** Returns the name of the compressor. */
    String name(Options options) {
        return choice ? options.text(COMPRESSOR) : name;
    }

    boolean isNone(Options options) {
        return "none".equals(name(options));
    }

    /** Returns the compressor's own options, as given or by default. */
    Options own(Options options) {
        String compressor = name(options);
        return options.part(compressor, Compressors.provider(compressor).options(), defaults);
    }

    /**
     * Refuses options that belong to other compressors.
     *
     * @throws IllegalArgumentException if one was given
     */
    void check(Options options) {
        Map<String, List<String>> owners = new TreeMap<>();
        Compressors.providers()
                .values()
                .forEach(
                        p ->
                                p.options()
                                        .forEach(
                                                o ->
                                                        owners.computeIfAbsent(
                                                                        o.name(),
                                                                        key -> new ArrayList<>())
                                                                .add(p.name())));
        owners.forEach(
                (option, compressors) -> {
                    if (options.given(option) && !compressors.contains(name(options))) {
                        throw new IllegalArgumentException(
                                option
                                        + "="
                                        + options.text(option)
                                        + " is not for compressor "
                                        + name(options)
                                        + ", but for "
                                        + String.join(", ", compressors));
                    }
                });
        own(options);
    }

    /** Makes a compressor. */
    Compressor compressor(Options options) {
        return Compressors.provider(name(options)).create(own(options));
    }

    /** Makes what packs a replica's messages. */
    MessageCodec codec(Context context) {
        return new MessageCodec(
                compressor(context.options()), sizes(context.layout()), context.draws());
    }

    /** Warns of a compressor whose errors grow where differences are sent. */
    List<String> warnings(Options options, Layout layout) {
        int largest = largest(layout);
        if (compressor(options).delta(largest) >= LEAST_DELTA) {
            return List.of();
        }
        return List.of(
                "compressor "
                        + name(options)
                        + " may err by more than it was given, on tensors of "
                        + largest
                        + " entries: what is left to send then grows; biased=true, or more bits"
                        + " or a greater keep, may do");
    }

    /**
     * Returns the entries of each parameter, in the block's order; one that is too long for a
     * compressor comes in parts.
     */
    static int[] sizes(Layout layout) {
        return MessageCodec.parts(layout.shapes().stream().mapToLong(Shape::size).toArray());
    }

    /** Returns the entries of the largest parameter. */
    static int largest(Layout layout) {
        int largest = 1;
        for (int size : sizes(layout)) {
            largest = Math.max(largest, size);
        }
        return largest;
    }
}
