package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;

/**
 * The 32 bits of floats (IEEE 754 binary32), in exact arithmetic of float64: NDArrays cannot be
 * looked at as another type.
 */
final class FloatBits {

    private static final int FRACTION = 23;
    private static final int EXPONENT = 8;
    private static final int BIAS = 127;

    private FloatBits() {}

    /** Returns the bits of finite floats, none of them &minus;0, a row for each, in uint8. */
    static NDArray of(NDArray values) {
        // the least normal number becomes 1
        NDArray rest = values.abs().toType(DataType.FLOAT64, false).mul(Math.scalb(1.0, BIAS - 1));
        NDArray exponent = rest.zerosLike();
        for (int power = 1 << (EXPONENT - 1); power > 0; power >>= 1) {
            NDArray above = rest.gte(Math.scalb(1.0, power)).toType(DataType.FLOAT64, false);
            exponent.addi(above.mul((double) power));
            scale(rest, above, -power);
        }
        NDArray normal = rest.gte(1.0).toType(DataType.FLOAT64, false);
        NDArray fraction = rest.sub(normal).mul(Math.scalb(1.0, FRACTION));
        return NDArrays.concat(
                new NDList(
                        Bits.of(fraction, FRACTION),
                        Bits.of(exponent.add(normal), EXPONENT),
                        Bits.of(values.lt(0f), 1)),
                1);
    }

    /** Returns the floats that rows of bits stand for. */
    static NDArray floats(NDArray bits) {
        NDArray fraction = Bits.numbers(bits.get(new NDIndex(":, :{}", FRACTION)));
        NDArray exponent =
                Bits.numbers(bits.get(new NDIndex(":, {}:{}", FRACTION, FRACTION + EXPONENT)));
        NDArray sign = bits.get(new NDIndex(":, {}", FRACTION + EXPONENT));
        NDArray normal = exponent.gt(0.0).toType(DataType.FLOAT64, false);
        NDArray magnitude = fraction.add(normal.mul(Math.scalb(1.0, FRACTION)));
        // 2^exponent by squaring, which unlike pow is exact
        NDArray left = exponent.sub(normal);
        magnitude.muli(Math.scalb(1.0, 1 - BIAS - FRACTION));
        for (int power = 1 << (EXPONENT - 1); power > 0; power >>= 1) {
            NDArray above = left.gte((double) power).toType(DataType.FLOAT64, false);
            left.subi(above.mul((double) power));
            scale(magnitude, above, power);
        }
        return signed(
                sign.toType(DataType.FLOAT32, true), magnitude.toType(DataType.FLOAT32, false));
    }

    /**
     * Returns &plusmn;magnitude, never &minus;0.
     *
     * @param negative 0 or 1, in float32; becomes what is returned
     * @param magnitude one for each, or one for all
     */
    static NDArray signed(NDArray negative, NDArray magnitude) {
        return negative.muli(-2f).addi(1f).muli(magnitude).addi(0f);
    }

    /** Multiplies by 2^power where a mask is 1 and not 0. */
    private static void scale(NDArray values, NDArray mask, int power) {
        NDArray others = mask.neg().add(1.0);
        values.muli(mask.mul(Math.scalb(1.0, power)).add(others));
    }
}
