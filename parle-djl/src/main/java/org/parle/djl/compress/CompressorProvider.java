package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.util.List;

/**
 * Tells of one compressor: its name, its options, and how to make it. Found through {@link
 * java.util.ServiceLoader}: a provider of your own needs a public class with a public constructor
 * without arguments, named in {@code META-INF/services/org.parle.djl.compress.CompressorProvider}.
 */
public interface CompressorProvider {

    /**
     * Returns the name.
     *
     * @return lower case with hyphens, for example {@code top-k}
     */
    String name();

    /**
     * Says what the compressor sends.
     *
     * @return one line
     */
    String summary();

    /**
     * Returns the options.
     *
     * @return the options, in the order in which they are listed
     */
    List<Option> options();

    /**
     * Makes a compressor.
     *
     * @param options the compressor's options, checked
     * @return a new one, with scratch memory of its own
     */
    Compressor create(Options options);
}
