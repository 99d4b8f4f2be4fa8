package org.parle.djl.compress;

import java.nio.FloatBuffer;

/**
 * Long tensors, in pieces: loops over arrays that stay in a core's nearest cache are faster than
 * loops over memory outside of the heap.
 */
final class Chunks {

    /** Floats in a piece; a multiple of 64. */
    static final int SIZE = 2048;

    private static final float[] ZEROS = new float[SIZE];

    private Chunks() {}

    /** y &larr; 0. */
    static void zero(FloatBuffer y) {
        int end = y.limit();
        for (int at = y.position(); at < end; at += SIZE) {
            y.put(at, ZEROS, 0, Math.min(SIZE, end - at));
        }
    }

    /** Refuses NaN and infinity. */
    static void checkFinite(FloatBuffer u, float[] chunk) {
        if (!finite(u, chunk)) {
            throw notFinite();
        }
    }

    static boolean finite(FloatBuffer u, float[] chunk) {
        int end = u.limit();
        for (int at = u.position(); at < end; at += SIZE) {
            int length = Math.min(SIZE, end - at);
            u.get(at, chunk, 0, length);
            if (exponents(chunk, length) != 0) {
                return false;
            }
        }
        return true;
    }

    static ArithmeticException notFinite() {
        return new ArithmeticException(Refusal.INPUT);
    }

    /** Returns something negative where an entry is NaN or infinite, else 0. */
    private static int exponents(float[] x, int length) {
        int found = 0;
        for (int i = 0; i < length; i++) {
            // exponents of 255 only carry into the sign
            found |= (Float.floatToRawIntBits(x[i]) & 0x7FFFFFFF) + 0x00800000;
        }
        return found & 0x80000000;
    }
}
