package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Sends the signs and the mean magnitude (arXiv 1901.09847): 32 + d bits.
 *
 * <pre>Q(u) = (‖u‖₁/d) sign(u),   sign(±0) = +</pre>
 *
 * <p>&Vert;Q(u) &minus; u&Vert;&sup2; = &Vert;u&Vert;&sup2; &minus; &Vert;u&Vert;&#8321;&sup2;/d,
 * so &delta; = 1/d where all but one entry are 0, and near 1 where all are alike.
 */
final class Sign implements HasDeviceForm {

    private final float[] chunk = new float[Chunks.SIZE];

    @Override
    public long bits(long d) {
        return Float.SIZE + d;
    }

    @Override
    public double delta(long d) {
        return 1.0 / d;
    }

    @Override
    public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
        int end = u.limit();
        float scale = (float) (Sums.magnitudes(u, chunk) / u.remaining());
        out.write(scale);
        for (int at = u.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            u.get(at, chunk, 0, length);
            for (int i = 0; i < length; i += Long.SIZE) {
                int bits = Math.min(Long.SIZE, length - i);
                long word = pack(chunk, i, bits);
                out.write(word, bits);
                spread(word, scale, chunk, i, bits);
            }
            u.put(at, chunk, 0, length);
        }
    }

    private static long pack(float[] x, int from, int bits) {
        long word = 0;
        int i = 0;
        for (; i + 7 < bits; i += 8) {
            word |= (long) octet(x, from + i) << i;
        }
        for (; i < bits; i++) {
            word |= (long) negative(x[from + i]) << i;
        }
        return word;
    }

    /** Eight at once, in pairs: bit after bit would wait for each other. */
    private static int octet(float[] x, int i) {
        int first = negative(x[i]) | negative(x[i + 1]) << 1;
        int second = negative(x[i + 2]) << 2 | negative(x[i + 3]) << 3;
        int third = negative(x[i + 4]) << 4 | negative(x[i + 5]) << 5;
        int fourth = negative(x[i + 6]) << 6 | negative(x[i + 7]) << 7;
        return first | second | (third | fourth);
    }

    /** Returns 1 where x is below 0. */
    private static int negative(float x) {
        // adding 0 makes +0 of -0
        return Float.floatToRawIntBits(x + 0f) >>> 31;
    }

    private static void spread(long word, float scale, float[] x, int from, int bits) {
        int magnitude = Float.floatToRawIntBits(scale);
        // a mean that is rounded to 0 has no sign
        long signs = magnitude == 0 ? 0 : word;
        for (int i = 0; i < bits; i++) {
            x[from + i] = Float.intBitsToFloat(magnitude | (int) (signs >>> i) << 31);
        }
    }

    @Override
    public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
        float scale = factor * in.readFloat();
        int end = y.limit();
        for (int at = y.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            y.get(at, chunk, 0, length);
            for (int i = 0; i < length; i += Long.SIZE) {
                int bits = Math.min(Long.SIZE, length - i);
                add(in.read(bits), scale, chunk, i, bits);
            }
            y.put(at, chunk, 0, length);
        }
    }

    private static void add(long word, float scale, float[] y, int from, int bits) {
        int magnitude = Float.floatToRawIntBits(scale);
        for (int i = 0; i < bits; i++) {
            y[from + i] += Float.intBitsToFloat(magnitude ^ (int) (word >>> i) << 31);
        }
    }

    @Override
    public DeviceForm deviceForm() {
        return new DeviceSign();
    }

    /** {@code sign}. */
    public static final class Provider implements CompressorProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "sign";
        }

        @Override
        public String summary() {
            return "the signs and the mean magnitude of a tensor, 1 bit for an entry";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public Compressor create(Options options) {
            return new Sign();
        }
    }
}
