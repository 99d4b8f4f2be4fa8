package org.parle.djl.compress;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The magnitude that k entries of a tensor reach, found by counting, not by sorting: a radix
 * selection on the bits of floats, which as whole numbers have the order of the magnitudes.
 */
final class Threshold {

    static final int MAGNITUDE = 0x7FFFFFFF;

    // the exponent and 4 bits of the mantissa; then the rest in two parts
    private static final int[] SHIFTS = {19, 9, 0};
    private static final int FIRST_INFINITE = 0x7F800000 >>> SHIFTS[0];

    private final int[] counts = new int[1 << (31 - SHIFTS[0])];
    private final float[] chunk;
    private int bits;
    private int ties;

    Threshold(float[] chunk) {
        this.chunk = chunk;
    }

    /** Returns the k-th largest magnitude, as bits. */
    int bits() {
        return bits;
    }

    /** Returns how many entries of just this magnitude are among the k. */
    int ties() {
        return ties;
    }

    /** Finds the threshold of the k largest. */
    void find(FloatBuffer u, int k) {
        int prefix = 0;
        int wanted = k;
        int above = 31;
        for (int shift : SHIFTS) {
            int size = 1 << (above - shift);
            Arrays.fill(counts, 0, size, 0);
            count(u, prefix, above, shift);
            if (above == 31) {
                checkFinite();
            }
            int bin = size - 1;
            while (counts[bin] < wanted) {
                wanted -= counts[bin--];
            }
            prefix = prefix << (above - shift) | bin;
            above = shift;
        }
        bits = prefix;
        ties = wanted;
    }

    private void checkFinite() {
        for (int i = FIRST_INFINITE; i < counts.length; i++) {
            if (counts[i] > 0) {
                throw Chunks.notFinite();
            }
        }
    }

    private void count(FloatBuffer u, int prefix, int above, int shift) {
        int end = u.limit();
        for (int at = u.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            u.get(at, chunk, 0, length);
            if (above == 31) {
                countAll(chunk, length, shift, counts);
            } else {
                countBelow(chunk, length, prefix, above, shift, counts);
            }
        }
    }

    private static void countAll(float[] x, int length, int shift, int[] counts) {
        for (int i = 0; i < length; i++) {
            counts[(Float.floatToRawIntBits(x[i]) & MAGNITUDE) >>> shift]++;
        }
    }

    private static void countBelow(
            float[] x, int length, int prefix, int above, int shift, int[] counts) {
        int mask = (1 << (above - shift)) - 1;
        for (int i = 0; i < length; i++) {
            int magnitude = Float.floatToRawIntBits(x[i]) & MAGNITUDE;
            if (magnitude >>> above == prefix) {
                counts[magnitude >>> shift & mask]++;
            }
        }
    }
}
