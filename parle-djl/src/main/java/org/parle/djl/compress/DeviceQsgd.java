package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

import java.util.function.LongToDoubleFunction;

/** {@link Qsgd} in NDArray operations. */
final class DeviceQsgd implements DeviceForm {

    private final int bits;
    private final int levels;
    private final LongToDoubleFunction scale;

    DeviceQsgd(int bits, LongToDoubleFunction scale) {
        this.bits = bits;
        levels = (1 << bits) - 1;
        this.scale = scale;
    }

    @Override
    public NDArray write(NDArray u, Draws.Sequence draws, DeviceWriter out) {
        int d = Math.toIntExact(u.size());
        NDArray wide = u.toType(DataType.FLOAT64, true);
        NDArray norm = wide.square().sum().sqrt().toType(DataType.FLOAT32, false).reshape(1);
        // 0/0 is not a number: any other divisor gives the levels 0 that are due
        NDArray divisor = norm.add(norm.eq(0f).toType(DataType.FLOAT32, false));
        NDArray level = wide.abs().mul((double) levels);
        level.divi(divisor.toType(DataType.FLOAT64, false));
        NDArray rounded = level.sub(DeviceDraws.draw(draws, u, d)).ceil();
        NDArray whole = rounded.minimum((double) levels).toType(DataType.FLOAT32, false).add(0f);
        NDArray negative = u.lt(0f).toType(DataType.FLOAT32, false);
        out.floats(norm);
        out.numbers(whole.add(negative.mul((float) (1 << bits))), bits + 1);
        return value(norm, whole, negative, d);
    }

    @Override
    public NDArray read(DeviceReader in, Draws.Sequence draws, int d) {
        NDArray norm = in.floats(1);
        NDArray codes = in.numbers(d, bits + 1).toType(DataType.FLOAT32, false);
        NDArray negative = codes.gte((float) (1 << bits)).toType(DataType.FLOAT32, false);
        return value(norm, codes.sub(negative.mul((float) (1 << bits))), negative, d);
    }

    private NDArray value(NDArray norm, NDArray level, NDArray negative, int d) {
        NDArray step =
                norm.toType(DataType.FLOAT64, false)
                        .mul(scale.applyAsDouble(d))
                        .div((double) levels);
        return FloatBits.signed(negative, level.mul(step.toType(DataType.FLOAT32, false)));
    }
}
