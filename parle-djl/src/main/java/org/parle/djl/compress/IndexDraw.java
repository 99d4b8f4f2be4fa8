package org.parle.djl.compress;

import java.util.Arrays;

/**
 * k different indices of d, each set equally likely, from k draws: R. W. Floyd's method (J.
 * Bentley, "Programming pearls: a sample of brilliance", Communications of the ACM 30(9), 1987).
 */
final class IndexDraw {

    private static final int DRAWS = 1024;

    private final double[] draws = new double[DRAWS];
    // bit i says whether index i is in
    private long[] words = {};

    /** Draws anew; the array's first d bits are the set. It is this object's own. */
    long[] draw(int k, int d, Draws.Sequence sequence) {
        int length = (d + Long.SIZE - 1) / Long.SIZE;
        if (words.length < length) {
            words = new long[length];
        } else {
            Arrays.fill(words, 0, length, 0);
        }
        int first = d - k;
        for (int from = 0; from < k; from += DRAWS) {
            int count = Math.min(DRAWS, k - from);
            sequence.fill(from, draws, count);
            for (int i = 0; i < count; i++) {
                int last = first + from + i;
                int index = Math.min(last, (int) (draws[i] * (last + 1.0)));
                // one that is in already stands for the last one, which cannot be in yet
                put((words[index >>> 6] >>> index & 1) == 0 ? index : last);
            }
        }
        return words;
    }

    private void put(int index) {
        words[index >>> 6] |= 1L << index;
    }
}
