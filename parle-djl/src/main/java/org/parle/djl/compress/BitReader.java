package org.parle.djl.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads what a {@link BitWriter} wrote. */
public final class BitReader {

    private final ByteBuffer bytes;
    private int position;
    private long word;
    private int filled;

    /** Reads from a buffer's position to its limit; the position stays as it is. */
    BitReader(ByteBuffer message) {
        bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a number.
     *
     * @param bits from 0 to 64
     * @return the number, its other bits 0
     * @throws IndexOutOfBoundsException if the stream ends
     */
    public long read(int bits) {
        if (bits <= filled) {
            return take(bits);
        }
        int have = filled;
        long low = word;
        refill();
        if (bits - have > filled) {
            throw new IndexOutOfBoundsException("the stream has no " + bits + " bits left");
        }
        return low | take(bits - have) << have;
    }

    private long take(int bits) {
        long value;
        if (bits == Long.SIZE) {
            value = word;
            word = 0;
        } else {
            value = word & ((1L << bits) - 1);
            word >>>= bits;
        }
        filled -= bits;
        return value;
    }

    private void refill() {
        int rest = bytes.limit() - position;
        if (rest >= Long.BYTES) {
            word = bytes.getLong(position);
            position += Long.BYTES;
            filled = Long.SIZE;
            return;
        }
        word = 0;
        for (int i = 0; i < rest; i++) {
            word |= (bytes.get(position + i) & 0xFFL) << (Byte.SIZE * i);
        }
        position += rest;
        filled = Byte.SIZE * rest;
    }

    /**
     * Reads the 32 bits of a float.
     *
     * @return any float
     */
    public float readFloat() {
        return Float.intBitsToFloat((int) read(Float.SIZE));
    }

    /**
     * Reads floats, 32 bits each.
     *
     * @param values takes them, at its start
     * @param length how many
     */
    public void read(float[] values, int length) {
        if (filled % Byte.SIZE == 0) {
            position -= filled / Byte.SIZE;
            word = 0;
            filled = 0;
            floats(length).get(0, values, 0, length);
            position += Float.BYTES * length;
            return;
        }
        for (int i = 0; i < length; i++) {
            values[i] = readFloat();
        }
    }

    private FloatBuffer floats(int length) {
        return bytes.slice(position, Float.BYTES * length).order(bytes.order()).asFloatBuffer();
    }
}
