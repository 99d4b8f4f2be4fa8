package org.parle.djl.vector;

/**
 * A vector in a {@link Pass}, or the part of it that the pass is at: arithmetic in place, entry by
 * entry, with others of the same pass. Bits do not depend on where a vector is cut, but for a
 * root's last.
 */
public interface Piece {

    /**
     * y &larr; x.
     *
     * @param x what to copy
     */
    void set(Piece x);

    /**
     * y &larr; a y.
     *
     * @param a the factor
     */
    void scale(double a);

    /**
     * y &larr; y + a x.
     *
     * @param a the factor
     * @param x what to add
     */
    void add(double a, Piece x);

    /**
     * y &larr; y + a, in each entry.
     *
     * @param a the number
     */
    void addNumber(double a);

    /**
     * y &larr; y x, entry by entry.
     *
     * @param x the factors
     */
    void multiply(Piece x);

    /**
     * y &larr; y / x, entry by entry.
     *
     * @param x the divisors
     */
    void divide(Piece x);

    /** y &larr; &radic;y, entry by entry. */
    void root();

    /**
     * y &larr; y + x.
     *
     * @param x what to add
     */
    default void add(Piece x) {
        add(1, x);
    }

    /**
     * y &larr; y &minus; x.
     *
     * @param x what to subtract
     */
    default void subtract(Piece x) {
        add(-1, x);
    }

    /**
     * y &larr; (1 &minus; a) y + a x.
     *
     * @param a how far to go towards x, 0 to 1
     * @param x where to go
     */
    default void mix(double a, Piece x) {
        if (a != 0) {
            scale(1 - a);
            add(a, x);
        }
    }

    /**
     * g &larr; g + a (x &minus; y), for a g that is used once, since it is rounded four times.
     *
     * @param a the factor, not 0
     * @param x what to add
     * @param y what to subtract
     */
    default void addDifferenceOnce(double a, Piece x, Piece y) {
        scale(1 / a);
        add(x);
        subtract(y);
        scale(a);
    }

    /**
     * g &larr; g + a x, for a g that is used once, since it is rounded three times.
     *
     * @param a the factor
     * @param x what to add
     */
    default void addOnce(double a, Piece x) {
        if (a != 0) {
            scale(1 / a);
            add(x);
            scale(a);
        }
    }

    /**
     * z &larr; &alpha; z + (1 &minus; &alpha;) y.
     *
     * @param alpha above 0 and below 1
     * @param y what to take in
     */
    default void average(double alpha, Piece y) {
        scale(alpha / (1 - alpha));
        add(y);
        scale(1 - alpha);
    }
}
