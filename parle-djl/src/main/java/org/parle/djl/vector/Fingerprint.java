package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import java.util.zip.CRC32C;

/** A checksum of a vector's bits. */
public final class Fingerprint {

    // as many floats at a time as one buffer can hold
    private static final long PIECE = 1L << 28;

    private Fingerprint() {}

    /**
     * Computes it, on the host.
     *
     * @param vector on any device
     * @return CRC-32C of its values as they lie in memory, eight hexadecimal digits
     */
    public static String of(NDArray vector) {
        CRC32C hash = new CRC32C();
        for (long from = 0; from < vector.size(); from += PIECE) {
            long to = Math.min(vector.size(), from + PIECE);
            try (NDArray piece = vector.get(new NDIndex("{}:{}", from, to))) {
                hash.update(piece.toByteBuffer(true));
            }
        }
        return String.format("%08x", hash.getValue());
    }
}
