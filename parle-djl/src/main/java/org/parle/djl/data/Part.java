package org.parle.djl.data;

import org.parle.djl.random.Permutation;

/** The items of a data set that one replica sees, as a list of indices that may be computed. */
interface Part {

    /** Returns the number of items. */
    int size();

    /** Returns the data set's index of the i-th item. */
    int item(int i);

    /** Returns a stretch of a permutation: positions {@code from} to {@code to}, exclusive. */
    static Part of(Permutation permutation, int from, int to) {
        return new Part() {
            @Override
            public int size() {
                return to - from;
            }

            @Override
            public int item(int i) {
                return permutation.at(from + i);
            }
        };
    }

    /** Returns a stretch of a list: positions {@code from} to {@code to}, exclusive. */
    static Part of(int[] items, int from, int to) {
        return new Part() {
            @Override
            public int size() {
                return to - from;
            }

            @Override
            public int item(int i) {
                return items[from + i];
            }
        };
    }

    /** Returns the whole set. */
    static Part all(int size) {
        return new Part() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public int item(int i) {
                return i;
            }
        };
    }
}
