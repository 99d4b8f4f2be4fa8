package org.parle.djl.compress;

import java.nio.FloatBuffer;

/**
 * Turns one tensor into bits and back: u becomes Q(u), which the receiver makes of the bits alone.
 *
 * <p>How many bits a tensor takes follows from its length, so that messages need no lengths. All
 * randomness comes from outside.
 *
 * <p><b>Threads.</b> An instance may hold scratch memory: one for each {@link MessageCodec}, used
 * by one thread at a time.
 */
public interface Compressor {

    /**
     * Returns the bits that a tensor takes.
     *
     * @param d its entries, at least 1
     * @return the bits, before any rounding up to bytes
     */
    long bits(long d);

    /**
     * Returns the contraction &delta;, with &Vert;Q(u) &minus; u&Vert;&sup2; &le; (1 &minus;
     * &delta;) &Vert;u&Vert;&sup2; for every u, in the mean over the draws where there are any.
     *
     * @param d the tensor's entries, at least 1
     * @return at most 1, which is lossless; 0 or below where errors can be longer than u
     */
    double delta(long d);

    /**
     * Writes Q(u), and replaces u by it.
     *
     * @param u the tensor, from its position to its limit, which stay as they are; its entries
     *     become Q(u)
     * @param draws where randomness comes from
     * @param out takes exactly {@link #bits} bits
     * @throws ArithmeticException if an entry is NaN or infinite, or Q(u) would be
     */
    void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out);

    /**
     * Reads Q(u) and adds it: y &larr; y + factor &middot; Q(u).
     *
     * @param in gives exactly {@link #bits} bits
     * @param draws the same sequence as the sender's
     * @param factor what Q(u) is multiplied by, in float32
     * @param y the tensor, from its position to its limit, which stay as they are
     * @throws IllegalArgumentException if no sender wrote such bits
     */
    void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y);

    /**
     * Reads Q(u): y &larr; Q(u), the sender's bit for bit.
     *
     * <p>By default it is added to zeros; a compressor whose Q(u) may hold &minus;0 must read it
     * itself.
     *
     * @param in gives exactly {@link #bits} bits
     * @param draws the same sequence as the sender's
     * @param y the tensor, from its position to its limit, which stay as they are
     * @throws IllegalArgumentException if no sender wrote such bits
     */
    default void read(BitReader in, Draws.Sequence draws, FloatBuffer y) {
        Chunks.zero(y);
        add(in, draws, 1, y);
    }
}
