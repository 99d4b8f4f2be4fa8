package org.parle.djl.compress;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Writes a stream of bits, 64 at a time: the first bit is the lowest of the first byte. Numbers
 * begin with their lowest bit.
 */
public final class BitWriter {

    private final ByteBuffer bytes;
    private int position;
    private long word;
    private int filled;

    /** Writes from the start of a little-endian buffer, which has 8 bytes to spare. */
    BitWriter(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Writes a number.
     *
     * @param value a number of that many bits, the others 0
     * @param bits from 0 to 64
     */
    public void write(long value, int bits) {
        word |= value << filled;
        int sum = filled + bits;
        if (sum >= Long.SIZE) {
            bytes.putLong(position, word);
            position += Long.BYTES;
            sum -= Long.SIZE;
            word = sum == 0 ? 0 : value >>> (bits - sum);
        }
        filled = sum;
    }

    /**
     * Writes the 32 bits of a float.
     *
     * @param value any float
     */
    public void write(float value) {
        write(Float.floatToRawIntBits(value) & 0xFFFFFFFFL, Float.SIZE);
    }

    /**
     * Writes floats, 32 bits each.
     *
     * @param values from its position to its limit, which stay as they are
     */
    public void write(FloatBuffer values) {
        int length = values.remaining();
        if (filled % Byte.SIZE == 0) {
            bytes.putLong(position, word);
            position += filled / Byte.SIZE;
            word = 0;
            filled = 0;
            FloatBuffer target =
                    bytes.slice(position, Float.BYTES * length)
                            .order(bytes.order())
                            .asFloatBuffer();
            target.put(0, values, values.position(), length);
            position += Float.BYTES * length;
            return;
        }
        for (int i = 0; i < length; i++) {
            write(values.get(values.position() + i));
        }
    }

    /** Returns the bits written so far. */
    long written() {
        return (long) position * Byte.SIZE + filled;
    }

    /** Fills the last byte with zeros and returns the bytes. */
    int finish() {
        bytes.putLong(position, word);
        return position + (filled + Byte.SIZE - 1) / Byte.SIZE;
    }
}
