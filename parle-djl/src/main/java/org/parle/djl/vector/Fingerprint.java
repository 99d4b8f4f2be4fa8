package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A checksum of a vector's bits. */
public final class Fingerprint {

    private static final int PIECE = 1 << 20;

    private Fingerprint() {}

    /**
     * Computes it, on the host.
     *
     * @param vector float32, on any device
     * @return CRC-32C of its values as they lie in memory, eight hexadecimal digits
     */
    public static String of(NDArray vector) {
        CRC32C hash = new CRC32C();
        int piece = (int) Math.min(PIECE, vector.size());
        ByteBuffer buffer = ByteBuffer.allocateDirect(piece * Float.BYTES);
        for (long from = 0; from < vector.size(); from += PIECE) {
            int length = (int) Math.min(PIECE, vector.size() - from);
            DeviceDoor.read(vector, from, buffer.clear().limit(length * Float.BYTES));
            hash.update(buffer.flip());
        }
        return String.format("%08x", hash.getValue());
    }
}
