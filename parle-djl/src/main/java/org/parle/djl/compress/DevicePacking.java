package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;

/** Packs bits where the vector lies. */
final class DevicePacking implements Packing {

    private final DeviceForm form;
    private final int[] sizes;
    private final long bits;
    private final Draws draws;

    DevicePacking(DeviceForm form, int[] sizes, long bits, Draws draws) {
        this.form = form;
        this.sizes = sizes;
        this.bits = bits;
        this.draws = draws;
    }

    @Override
    public void compress(NDArray u, int sender, long step, ByteBuffer message) {
        try (DeviceWriter out = new DeviceWriter(u, bits)) {
            each(
                    u,
                    (tensor, values) -> {
                        NDArray finite = values.abs().lte(Float.MAX_VALUE);
                        // what is refused in the end must not break the packing before
                        NDArray clean = NDArrays.where(finite, values, values.zerosLike());
                        NDArray q = form.write(clean, draws.of(sender, step, tensor), out);
                        out.check(finite, q.abs().lte(Float.MAX_VALUE));
                        Vectors.copy(q, values);
                    });
            out.finish(message);
        }
    }

    @Override
    public void add(ByteBuffer message, int sender, long step, float factor, NDArray y) {
        read(message, sender, step, y, (q, values) -> values.addi(q.mul(factor)));
    }

    @Override
    public void decode(ByteBuffer message, int sender, long step, NDArray y) {
        read(message, sender, step, y, Vectors::copy);
    }

    private void read(ByteBuffer message, int sender, long step, NDArray y, Take take) {
        try (DeviceReader in = new DeviceReader(message, y)) {
            each(
                    y,
                    (tensor, values) ->
                            take.take(
                                    form.read(in, draws.of(sender, step, tensor), sizes[tensor]),
                                    values));
        }
    }

    /** What is made on the way of one tensor is freed before the next. */
    private void each(NDArray vector, Change change) {
        long from = 0;
        for (int i = 0; i < sizes.length; i++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                change.apply(i, vector.get(new NDIndex("{}:{}", from, from + sizes[i])));
            }
            from += sizes[i];
        }
    }

    @FunctionalInterface
    private interface Change {
        void apply(int tensor, NDArray values);
    }

    @FunctionalInterface
    private interface Take {
        void take(NDArray q, NDArray values);
    }
}
