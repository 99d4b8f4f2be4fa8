package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

/** Draws where a vector lies. */
final class DeviceDraws {

    private static final long HALF = 1L << 32;

    private DeviceDraws() {}

    /** Returns the first draws, in float64, on the device of another array. */
    static NDArray draw(Draws.Sequence sequence, NDArray like, int length) {
        if (sequence instanceof SeededDraws.Keyed keyed) {
            NDArray draws;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                draws = squares(keyed.key(), like, length);
                NDScope.unregister(draws);
            }
            NDScope.register(draws);
            return draws;
        }
        double[] draws = new double[length];
        sequence.fill(0, draws, length);
        return DeviceDoor.beside(like, m -> m.create(draws));
    }

    /** The same whole numbers as {@link SeededDraws}, which wrap at 2^64 as Java's do. */
    private static NDArray squares(long key, NDArray like, int length) {
        NDArray ones = DeviceDoor.beside(like, m -> m.ones(new Shape(length), DataType.INT64));
        NDArray y = ones.cumSum(0).sub(1L).mul(key);
        NDArray z = y.add(key);
        NDArray x = rotated(y.mul(y).add(y));
        x = rotated(x.mul(x).add(z));
        x = rotated(x.mul(x).add(y));
        return upper(x.mul(x).add(z)).toType(DataType.FLOAT64, false).mul(0x1p-32);
    }

    private static NDArray rotated(NDArray x) {
        return x.mod(HALF).mul(HALF).add(upper(x));
    }

    /** The upper half, shifted down. */
    private static NDArray upper(NDArray x) {
        // a multiple of 2^32 is exact in float64
        NDArray multiple = x.sub(x.mod(HALF)).toType(DataType.FLOAT64, false);
        return multiple.mul(0x1p-32).toType(DataType.INT64, false).mod(HALF);
    }
}
