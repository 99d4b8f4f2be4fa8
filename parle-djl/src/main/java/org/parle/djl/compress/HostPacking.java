package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.comm.Implementations;
import org.parle.djl.vector.DeviceDoor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Packs in main memory, the vector's own where there is a way to it. */
final class HostPacking implements Packing {

    private final Compressor compressor;
    private final int[] sizes;
    private final Draws draws;
    private ByteBuffer copy;

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
        long from = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (memory != null) {
                change.apply(i, memory.slice((int) from, sizes[i]));
            } else {
                change(i, vector, from, change);
            }
            from += sizes[i];
        }
    }

    /** A tensor of a vector that is above 2 GB, or is not in main memory, one after another. */
    private void change(int tensor, NDArray vector, long from, Change change) {
        NDIndex range = new NDIndex().addSliceDim(from, from + sizes[tensor]);
        try (NDArray piece = vector.get(range)) {
            FloatBuffer memory = Implementations.memory(piece);
            if (memory != null) {
                change.apply(tensor, memory);
                return;
            }
            if (copy == null) {
                int most = Arrays.stream(sizes).max().orElseThrow();
                copy = ByteBuffer.allocateDirect(most * Float.BYTES).order(ByteOrder.nativeOrder());
            }
            copy.clear().limit(sizes[tensor] * Float.BYTES);
            DeviceDoor.read(piece, 0, copy);
            copy.rewind();
            change.apply(tensor, copy.asFloatBuffer());
            DeviceDoor.write(copy, piece, 0);
        }
    }

    @FunctionalInterface
    private interface Change {
        void apply(int tensor, FloatBuffer values);
    }
}
