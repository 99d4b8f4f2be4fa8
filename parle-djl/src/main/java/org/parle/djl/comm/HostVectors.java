package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.vector.MainMemory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors in main memory, read and written where they lie. */
final class HostVectors implements VectorSet {

    // two of them are a quarter of a core's nearest cache, and shorter ones cost calls
    private static final int CHUNK = 1024;

    /** Each thread keeps its own: fresh pages cost more than the sums do. */
    private static final ThreadLocal<float[][]> CHUNKS =
            ThreadLocal.withInitial(() -> new float[2][CHUNK]);

    /** Java's buffers have fewer than 2^31 bytes. */
    static final int PIECE = 1 << 28;

    private final int pieceLength;
    private final List<List<FloatBuffer>> vectors;

    HostVectors(Call[] calls) {
        this(Arrays.stream(calls).map(Call::memory).toList(), PIECE);
    }

    HostVectors(List<List<FloatBuffer>> vectors, int pieceLength) {
        this.vectors = vectors;
        this.pieceLength = pieceLength;
    }

    /** The memory of a vector itself, piece by piece, or null where there is no way to it. */
    static List<FloatBuffer> pieces(NDArray vector, int pieceLength) {
        if (vector.size() <= pieceLength) {
            FloatBuffer memory = memory(vector);
            return memory == null ? null : List.of(memory);
        }
        List<FloatBuffer> pieces = new ArrayList<>();
        for (long from = 0; from < vector.size(); from += pieceLength) {
            long to = Math.min(vector.size(), from + pieceLength);
            try (NDArray piece = vector.get(new NDIndex().addSliceDim(from, to))) {
                FloatBuffer memory = memory(piece);
                if (memory == null) {
                    return null;
                }
                pieces.add(memory);
            }
        }
        return pieces;
    }

    /** The memory of a vector itself, or null where there is no way to it. */
    static FloatBuffer memory(NDArray vector) {
        if (vector.getDevice().isGpu() || vector.size() > Integer.MAX_VALUE / Float.BYTES) {
            return null;
        }
        if (vector.isEmpty()) {
            return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
        return MainMemory.at(vector, 0, vector.size());
    }

    @Override
    public void mean(long from, long to, int targets) {
        each(
                from,
                to,
                (piece, start, end) -> mean(piece, start, end, Arrays.copyOf(piece, targets)));
    }

    /** Cuts a range where pieces end. */
    private void each(long from, long to, Work work) {
        for (long at = from; at < to; ) {
            int number = (int) (at / pieceLength);
            long before = (long) number * pieceLength;
            long end = Math.min(to, before + pieceLength);
            FloatBuffer[] piece =
                    vectors.stream().map(all -> all.get(number)).toArray(FloatBuffer[]::new);
            work.run(piece, (int) (at - before), (int) (end - before));
            at = end;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run(FloatBuffer[] piece, int from, int to);
    }

    /** Writes the mean of all, summed in their order, into some of them, or elsewhere. */
    static void mean(FloatBuffer[] all, int from, int to, FloatBuffer... targets) {
        float[][] chunks = CHUNKS.get();
        float[] sum = chunks[0];
        float[] next = chunks[1];
        for (int start = from; start < to; start += CHUNK) {
            int length = Math.min(CHUNK, to - start);
            all[0].get(start, sum, 0, length);
            for (int i = 1; i < all.length - 1; i++) {
                all[i].get(start, next, 0, length);
                add(next, sum, length);
            }
            if (all.length > 1) {
                all[all.length - 1].get(start, next, 0, length);
                // of a power of two the reciprocal is exact, so that multiplying gives the same
                // bits
                if (Integer.bitCount(all.length) == 1) {
                    addAndMultiply(next, sum, 1f / all.length, length);
                } else {
                    addAndDivide(next, sum, all.length, length);
                }
            }
            for (FloatBuffer target : targets) {
                target.put(start, sum, 0, length);
            }
        }
    }

    @Override
    public void spread(int source, long from, long to) {
        each(from, to, (piece, start, end) -> spread(piece, source, start, end));
    }

    private static void spread(FloatBuffer[] all, int source, int from, int to) {
        float[] values = CHUNKS.get()[0];
        for (int start = from; start < to; start += CHUNK) {
            int length = Math.min(CHUNK, to - start);
            all[source].get(start, values, 0, length);
            for (int i = 0; i < all.length; i++) {
                if (i != source) {
                    all[i].put(start, values, 0, length);
                }
            }
        }
    }

    // methods of their own, small enough that the compiler vectorises them
    private static void add(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += x[i];
        }
    }

    private static void addAndMultiply(float[] x, float[] y, float factor, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = (y[i] + x[i]) * factor;
        }
    }

    private static void addAndDivide(float[] x, float[] y, float n, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = (y[i] + x[i]) / n;
        }
    }
}
