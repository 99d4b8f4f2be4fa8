package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
        NDArray column = values.reshape(values.size(), 1);
        if (width == 1) {
            return column.toType(DataType.UINT8, true);
        }
        NDArray wide = column.toType(type(width), false);
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

    /** Returns bytes of eight bits each, the last one filled with zeros. */
    static NDArray pack(NDArray bits) {
        long missing = Math.floorMod(-bits.size(), (long) Byte.SIZE);
        NDArray padding = DeviceDoor.beside(bits, m -> m.zeros(new Shape(missing), DataType.UINT8));
        NDArray whole = missing == 0 ? bits : NDArrays.concat(new NDList(bits, padding));
        return numbers(whole.reshape(whole.size() / Byte.SIZE, Byte.SIZE))
                .toType(DataType.UINT8, false);
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
