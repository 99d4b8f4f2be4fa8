package org.parle.djl.random;

/**
 * A random permutation of 0 to n&minus;1 that needs no table: entry i is computed when asked for.
 *
 * <p>The n numbers lie in a grid of a&times;b &ge; n cells. A round moves each row, or each column,
 * by a random distance of its own (a Feistel network on Z_a &times; Z_b); a number that ends on a
 * cell beyond n is moved again (cycle walking). Both after J. Black and P. Rogaway, "Ciphers with
 * arbitrary finite domains", CT-RSA 2002. Immutable.
 */
public final class Permutation {

    private static final int ROUNDS = 8;

    private final int size;
    private final int rows;
    private final int columns;
    private final long[] keys = new long[ROUNDS];

    /**
     * Creates a permutation.
     *
     * @param size how many numbers, at least 1
     * @param key what the permutation depends on
     */
    public Permutation(int size, long key) {
        this.size = size;
        this.rows = (int) Math.ceil(Math.sqrt(size));
        this.columns = (int) ((size + rows - 1L) / rows);
        RandomStream draws = new RandomStream(key);
        for (int round = 0; round < ROUNDS; round++) {
            keys[round] = draws.next();
        }
    }

    /**
     * Returns the number at a position.
     *
     * @param position from 0 to n&minus;1
     * @return from 0 to n&minus;1
     */
    public int at(int position) {
        long cell = position;
        do {
            cell = move(cell);
        } while (cell >= size);
        return (int) cell;
    }

    private long move(long cell) {
        int row = (int) (cell / columns);
        int column = (int) (cell % columns);
        for (int round = 0; round < ROUNDS; round += 2) {
            row = (row + distance(round, column, rows)) % rows;
            column = (column + distance(round + 1, row, columns)) % columns;
        }
        return (long) row * columns + column;
    }

    private int distance(int round, int other, int bound) {
        return SplitMix.reduce(SplitMix.scramble(keys[round] + other), bound);
    }
}
