package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Implementations;
import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Packs in main memory, the vector's own where there is a way to it. */
final class HostPacking implements Packing {

    private final Compressor compressor;
    private final int[] sizes;
    private final Draws draws;

    HostPacking(Compressor compressor, int[] sizes, Draws draws) {
        this.compressor = compressor;
        this.sizes = sizes;
        this.draws = draws;
    }

    @Override
    public void compress(NDArray u, int sender, long step, ByteBuffer message) {
        BitWriter out = new BitWriter(message);
        change(
                u,
                (tensor, values) -> {
                    long before = out.written();
                    try {
                        compressor.compress(values, draws.of(sender, step, tensor), out);
                    } catch (ArithmeticException e) {
                        throw new Refusal(tensor, e);
                    }
                    check(out.written() - before, tensor);
                });
        out.finish();
    }

    private void check(long written, int tensor) {
        long expected = compressor.bits(sizes[tensor]);
        if (written != expected) {
            throw new IllegalStateException(
                    String.format(
                            "the compressor wrote %d bits for a tensor of %d entries instead of the"
                                    + " %d that it announced",
                            written, sizes[tensor], expected));
        }
    }

    @Override
    public void add(ByteBuffer message, int sender, long step, float factor, NDArray y) {
        BitReader in = new BitReader(message);
        change(
                y,
                (tensor, values) ->
                        compressor.add(in, draws.of(sender, step, tensor), factor, values));
    }

    @Override
    public void decode(ByteBuffer message, int sender, long step, NDArray y) {
        BitReader in = new BitReader(message);
        change(y, (tensor, values) -> compressor.read(in, draws.of(sender, step, tensor), values));
    }

    private void change(NDArray vector, Change change) {
        FloatBuffer memory = Implementations.memory(vector);
        if (memory != null) {
            change(memory, change);
            return;
        }
        float[] copy = vector.toFloatArray();
        change(FloatBuffer.wrap(copy), change);
        try (NDArray changed = vector.getManager().create(copy)) {
            Vectors.copy(changed, vector);
        }
    }

    /** Lets every tensor be changed, in the block's order. */
    private void change(FloatBuffer vector, Change change) {
        int from = 0;
        for (int i = 0; i < sizes.length; i++) {
            change.apply(i, vector.slice(from, sizes[i]));
            from += sizes[i];
        }
    }

    @FunctionalInterface
    private interface Change {
        void apply(int tensor, FloatBuffer values);
    }
}
