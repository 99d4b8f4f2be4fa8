package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** {@link Sign} in NDArray operations. */
final class DeviceSign implements DeviceForm {

    @Override
    public NDArray write(NDArray u, Draws.Sequence draws, DeviceWriter out) {
        NDArray sum = u.abs().toType(DataType.FLOAT64, false).sum();
        NDArray scale = sum.div((double) u.size()).toType(DataType.FLOAT32, false).reshape(1);
        NDArray negative = u.lt(0f);
        out.floats(scale);
        out.numbers(negative, 1);
        return FloatBits.signed(negative.toType(DataType.FLOAT32, false), scale);
    }

    @Override
    public NDArray read(DeviceReader in, Draws.Sequence draws, int d) {
        NDArray scale = in.floats(1);
        NDArray negative = in.rows(d, 1).flatten().toType(DataType.FLOAT32, false);
        return FloatBits.signed(negative, scale);
    }
}
