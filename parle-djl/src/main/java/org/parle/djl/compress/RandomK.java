package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Sends k entries that sender and receiver draw alike (arXiv 1809.07599), so that only values
 * travel: 32 k bits, from the lowest index to the highest.
 *
 * <p>Biased, they are sent as they are: in the mean the part k/d of &Vert;u&Vert;&sup2; is kept,
 * &delta; = k/d. Unbiased, they are scaled by d/k, so that the mean of Q(u) is u; then &delta; = 2
 * &minus; d/k, which is no contraction for k &le; d/2.
 */
final class RandomK implements HasDeviceForm {

    private final Keep keep;
    private final boolean biased;
    private final IndexDraw indices = new IndexDraw();
    private final float[] chunk = new float[Chunks.SIZE];
    private final float[] kept = new float[Chunks.SIZE];

    RandomK(Keep keep, boolean biased) {
        this.keep = keep;
        this.biased = biased;
    }

    @Override
    public long bits(long d) {
        return (long) Float.SIZE * keep.of(d);
    }

    @Override
    public double delta(long d) {
        double part = (double) keep.of(d) / d;
        return biased ? part : 2 - 1 / part;
    }

    @Override
    public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
        Chunks.checkFinite(u, chunk);
        int d = u.remaining();
        int k = keep.of(d);
        float scale = Keep.scale(k, d, biased);
        long[] words = indices.draw(k, d, draws);
        for (int at = 0; at < d; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, d - at);
            u.get(u.position() + at, chunk, 0, length);
            Arrays.fill(kept, 0);
            for (int i = 0; i < length; i += Long.SIZE) {
                for (long word = words[(at + i) >>> 6]; word != 0; word &= word - 1) {
                    int index = i + Long.numberOfTrailingZeros(word);
                    // never -0
                    float value = scale * chunk[index] + 0f;
                    kept[index] = value;
                    out.write(value);
                }
            }
            u.put(u.position() + at, kept, 0, length);
        }
        if (!biased && !Chunks.finite(u, chunk)) {
            throw new ArithmeticException(Refusal.OUTPUT);
        }
    }

    @Override
    public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
        int d = y.remaining();
        long[] words = indices.draw(keep.of(d), d, draws);
        int from = y.position();
        for (int i = 0; i < d; i += Long.SIZE) {
            for (long word = words[i >>> 6]; word != 0; word &= word - 1) {
                int index = from + i + Long.numberOfTrailingZeros(word);
                y.put(index, y.get(index) + factor * in.readFloat());
            }
        }
    }

    @Override
    public DeviceForm deviceForm() {
        return new DeviceRandomK(keep, biased);
    }

    /** {@code random-k}. */
    public static final class Provider implements CompressorProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "random-k";
        }

        @Override
        public String summary() {
            return "random entries, which the receiver draws as well";
        }

        @Override
        public List<Option> options() {
            return List.of(Keep.option(), Qsgd.biased("false scales by d/k: right in the mean"));
        }

        @Override
        public Compressor create(Options options) {
            return new RandomK(new Keep(options), options.flag(Qsgd.BIASED));
        }
    }
}
