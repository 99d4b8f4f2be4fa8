package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

/** {@link RandomK} in NDArray operations; the indices, drawn in main memory, are brought along. */
final class DeviceRandomK implements DeviceForm {

    private final Keep keep;
    private final boolean biased;
    private final IndexDraw draw = new IndexDraw();

    DeviceRandomK(Keep keep, boolean biased) {
        this.keep = keep;
        this.biased = biased;
    }

    @Override
    public NDArray write(NDArray u, Draws.Sequence draws, DeviceWriter out) {
        int d = Math.toIntExact(u.size());
        NDArray indices = indices(u, draws, d);
        float scale = Keep.scale(keep.of(d), d, biased);
        NDArray values = u.gather(indices, 0).mul(scale).add(0f);
        out.floats(values);
        return u.zerosLike().scatter(indices, values, 0);
    }

    @Override
    public NDArray read(DeviceReader in, Draws.Sequence draws, int d) {
        NDArray values = in.floats(keep.of(d));
        NDArray zeros = DeviceDoor.beside(values, m -> m.zeros(new Shape(d)));
        return zeros.scatter(indices(values, draws, d), values, 0);
    }

    private NDArray indices(NDArray like, Draws.Sequence draws, int d) {
        int k = keep.of(d);
        long[] words = draw.draw(k, d, draws);
        long[] indices = new long[k];
        int found = 0;
        for (int i = 0; i < d; i += Long.SIZE) {
            for (long word = words[i >>> 6]; word != 0; word &= word - 1) {
                indices[found++] = (long) i + Long.numberOfTrailingZeros(word);
            }
        }
        return DeviceDoor.beside(like, m -> m.create(indices));
    }
}
