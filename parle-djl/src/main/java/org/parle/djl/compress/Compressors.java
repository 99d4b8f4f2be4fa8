package org.parle.djl.compress;

import org.parle.djl.option.Options;
import org.parle.djl.option.Services;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Finds the compressors there are, those of other libraries among them. */
public final class Compressors {

    private Compressors() {}

    /**
     * Returns what the service loader offers.
     *
     * @return the providers by name, sorted
     */
    public static Map<String, CompressorProvider> providers() {
        return Collections.unmodifiableMap(
                new TreeMap<>(Services.find(CompressorProvider.class, CompressorProvider::name)));
    }

    /**
     * Finds a provider.
     *
     * @param name the compressor's name
     * @return its provider
     * @throws IllegalArgumentException if there is none of this name; the nearest are suggested
     */
    public static CompressorProvider provider(String name) {
        return Services.named("compressor", name, providers());
    }

    /**
     * Makes a compressor.
     *
     * @param name for example {@code top-k}
     * @param options values by name: strings, numbers or booleans
     * @return a new one
     * @throws IllegalArgumentException if the name or an option is not known, or a value is out of
     *     range
     */
    public static Compressor named(String name, Map<String, ?> options) {
        CompressorProvider provider = provider(name);
        return provider.create(Options.of(name, provider.options(), options));
    }
}
