package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

/** Whole numbers and their bits, in arithmetic: an NDArray has no operations on bits. */
final class Bits {

    // whole numbers up to 2^24 are exact in float32
    private static final int EXACT = 24;

    private Bits() {}

    /** Returns the bits of numbers as 0 and 1, a row for each, the lowest first, in uint8. */
    static NDArray of(NDArray values, int width) {
        NDArray wide = values.reshape(values.size(), 1).toType(type(width), false);
        // whole powers of 2, so that the quotients are exact
        NDArray bits = wide.mul(powers(values, width, -1)).floor();
        bits.modi(2f);
        return bits.toType(DataType.UINT8, false);
    }

    /** Returns the numbers that rows of bits stand for, in float64. */
    static NDArray numbers(NDArray bits) {
        int width = (int) bits.getShape().get(1);
        NDArray wide = bits.toType(type(width), true);
        wide.muli(powers(bits, width, 1));
        return wide.sum(new int[] {1}).toType(DataType.FLOAT64, false);
    }

    /**
     * Returns bytes of eight bits each; bit by bit, since in between a bit would be as long as a
     * number.
     *
     * @param bits 0 and 1, as many as fill whole bytes
     */
    static NDArray pack(NDArray bits) {
        NDArray rows = bits.reshape(bits.size() / Byte.SIZE, Byte.SIZE);
        NDArray bytes = column(rows, Byte.SIZE - 1).duplicate();
        NDArray two = byteOf(bits, 2);
        for (int i = Byte.SIZE - 2; i >= 0; i--) {
            bytes.muli(two);
            bytes.addi(column(rows, i));
        }
        return bytes;
    }

    /** Returns the eight bits of each byte, in a row of its own, the lowest first. */
    static NDArray unpack(NDArray bytes) {
        NDArray bits =
                DeviceDoor.beside(
                        bytes, m -> m.create(new Shape(bytes.size(), Byte.SIZE), DataType.UINT8));
        NDArray rest = bytes.duplicate();
        for (int i = Byte.SIZE - 1; i >= 0; i--) {
            NDArray worth = byteOf(bytes, 1 << i);
            NDArray bit = rest.gte(worth).toType(DataType.UINT8, false);
            DeviceDoor.copy(bit, column(bits, i));
            rest.subi(bit.muli(worth));
        }
        return bits;
    }

    private static NDArray column(NDArray rows, int i) {
        return rows.get(new NDIndex(":, {}", i));
    }

    private static NDArray byteOf(NDArray like, int value) {
        return DeviceDoor.beside(like, m -> m.full(new Shape(), value, DataType.UINT8));
    }

    private static DataType type(int width) {
        return width > EXACT ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    private static NDArray powers(NDArray like, int width, int direction) {
        double[] powers = new double[width];
        for (int i = 0; i < width; i++) {
            powers[i] = Math.scalb(1.0, direction * i);
        }
        return DeviceDoor.beside(like, m -> m.create(powers, new Shape(1, width)))
                .toType(type(width), false);
    }
}
