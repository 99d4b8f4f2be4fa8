package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

/** {@link TopK} in NDArray operations. */
final class DeviceTopK implements DeviceForm {

    private final Keep keep;

    DeviceTopK(Keep keep) {
        this.keep = keep;
    }

    @Override
    public NDArray write(NDArray u, Draws.Sequence draws, DeviceWriter out) {
        long d = u.size();
        int k = keep.of(d);
        NDArray magnitude = u.abs();
        // which of equal ones PyTorch takes is not said: its threshold only
        NDArray least = magnitude.topK(k, 0, true, false).get(0).min();
        NDArray above = magnitude.gt(least);
        NDArray equal = magnitude.eq(least);
        NDArray ties = above.toType(DataType.INT64, false).sum().neg().add((long) k);
        NDArray first = equal.toType(DataType.INT64, false).cumSum(0).lte(ties);
        NDArray kept = above.logicalOr(equal.logicalAnd(first));
        NDArray indices = kept.nonzero().reshape(k);
        NDArray values = u.gather(indices, 0).add(0f);
        out.pairs(indices.toType(DataType.FLOAT64, false), Keep.indexBits(d), values);
        return u.zerosLike().scatter(indices, values, 0);
    }

    @Override
    public NDArray read(DeviceReader in, Draws.Sequence draws, int d) {
        int k = keep.of(d);
        int width = Keep.indexBits(d);
        NDArray rows = in.rows(k, width + Float.SIZE);
        NDArray values = FloatBits.floats(rows.get(new NDIndex(":, {}:", width)));
        NDArray zeros = DeviceDoor.beside(rows, m -> m.zeros(new Shape(d)));
        if (width == 0) {
            return values;
        }
        NDArray indices = Bits.numbers(rows.get(new NDIndex(":, :{}", width)));
        return zeros.scatter(indices.toType(DataType.INT64, false), values, 0);
    }
}
