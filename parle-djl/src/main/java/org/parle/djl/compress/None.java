package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.List;

/** Sends u as it is: 32 d bits, &delta; = 1. */
final class None implements Compressor {

    private final float[] chunk = new float[Chunks.SIZE];
    private final float[] sum = new float[Chunks.SIZE];

    @Override
    public long bits(long d) {
        return Float.SIZE * d;
    }

    @Override
    public double delta(long d) {
        return 1;
    }

    @Override
    public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
        Chunks.checkFinite(u, chunk);
        out.write(u);
    }

    @Override
    public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
        int end = y.limit();
        for (int at = y.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            in.read(chunk, length);
            y.get(at, sum, 0, length);
            for (int i = 0; i < length; i++) {
                sum[i] += factor * chunk[i];
            }
            y.put(at, sum, 0, length);
        }
    }

    @Override
    public void read(BitReader in, Draws.Sequence draws, FloatBuffer y) {
        int end = y.limit();
        for (int at = y.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            in.read(chunk, length);
            y.put(at, chunk, 0, length);
        }
    }

    /** {@code none}. */
    public static final class Provider implements CompressorProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "none";
        }

        @Override
        public String summary() {
            return "every entry, 32 bits each";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public Compressor create(Options options) {
            return new None();
        }
    }
}
