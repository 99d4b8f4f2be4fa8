package org.parle.djl;

/**
 * What the builders of optimizers share that can compress their messages. An option that the chosen
 * compressor does not have is refused by {@link #build}.
 *
 * @param <T> the builder itself
 */
public abstract class CompressingBuilder<T extends CompressingBuilder<T>>
        extends ReplicaBuilder<T> {

    /**
     * Creates a builder.
     *
     * @param name the optimizer's name
     */
    protected CompressingBuilder(String name) {
        super(name);
    }

    /**
     * Sets how messages are compressed. Another library's compressor is found by its name; {@link
     * #opt} sets its options.
     *
     * @param compressor {@code none}, {@code sign}, {@code top-k}, {@code random-k} or {@code qsgd}
     * @return this builder
     */
    public T optCompressor(String compressor) {
        return opt("compressor", compressor);
    }

    /**
     * Sets the part of each parameter's entries that top-k and random-k send; 0.01 by default.
     *
     * @param keep above 0, to 1
     * @return this builder
     */
    public T optKeep(double keep) {
        return opt("keep", keep);
    }

    /**
     * Sets qsgd's bits for each entry's magnitude; 4 by default, 8 for DCD and ECD.
     *
     * @param bits at least 1
     * @return this builder
     */
    public T optBits(int bits) {
        return opt("bits", bits);
    }

    /**
     * Sets whether qsgd and random-k shorten what they send, so that they err less and are wrong in
     * the mean; true by default, false for DCD and ECD.
     *
     * @param biased true to shorten
     * @return this builder
     */
    public T optBiased(boolean biased) {
        return opt("biased", biased);
    }
}
