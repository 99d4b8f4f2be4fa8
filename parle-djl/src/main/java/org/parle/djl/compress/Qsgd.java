package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Sends the norm, and of each entry its sign and a level, rounded at random (QSGD, arXiv
 * 1610.02132): 32 + d (bits + 1) bits.
 *
 * <pre>
 * s = 2^bits − 1,   l = s |u|/‖u‖
 * Q(u) = c ‖u‖ sign(u) min(s, ⌊l⌋ + [draw &lt; frac l])/s
 * </pre>
 *
 * <p>With c = 1 the mean of Q(u) is u and its variance at most &omega; &Vert;u&Vert;&sup2;, &omega;
 * = min(d/s&sup2;, &radic;d/s): &delta; = 1 &minus; &omega;. Biased, c = 1/(1 + &omega;) = &delta;
 * (arXiv 1902.00340).
 *
 * <p>&Vert;u&Vert; is the norm that is sent, rounded to float32, on both sides of the division.
 */
final class Qsgd implements HasDeviceForm {

    static final String BIASED = "biased";

    private final int bits;
    private final boolean biased;
    private final int levels;
    private final float[] values;
    private final float[] chunk = new float[Chunks.SIZE];
    private final double[] drawn = new double[Chunks.SIZE];
    private final int[] codes = new int[Chunks.SIZE];

    Qsgd(int bits, boolean biased) {
        this.bits = bits;
        this.biased = biased;
        levels = (1 << bits) - 1;
        values = new float[2 << bits];
    }

    static Option biased(String meaning) {
        return Option.flag(BIASED, meaning).byDefault(true);
    }

    @Override
    public long bits(long d) {
        return Float.SIZE + d * (bits + 1);
    }

    @Override
    public double delta(long d) {
        double variance = Math.min(d / ((double) levels * levels), Math.sqrt(d) / levels);
        return biased ? 1 / (1 + variance) : 1 - variance;
    }

    @Override
    public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
        float norm = (float) Math.sqrt(Sums.squares(u, chunk));
        int d = u.remaining();
        decode(norm, d, 1);
        if (!Float.isFinite(values[levels])) {
            throw new ArithmeticException(Refusal.OUTPUT);
        }
        out.write(norm);
        for (int at = 0; at < d; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, d - at);
            u.get(u.position() + at, chunk, 0, length);
            draws.fill(at, drawn, length);
            encode(norm, length);
            write(length, out);
            for (int i = 0; i < length; i++) {
                chunk[i] = values[codes[i]];
            }
            u.put(u.position() + at, chunk, 0, length);
        }
    }

    private void encode(float norm, int length) {
        // 0/0 is not a number: any other divisor gives the levels 0 that are due
        double divisor = norm == 0 ? 1 : norm;
        for (int i = 0; i < length; i++) {
            double level = levels * (double) Math.abs(chunk[i]) / divisor;
            // the floor, and one more where the draw is below the rest
            int rounded = (int) Math.ceil(level - drawn[i]);
            // adding 0 makes +0 of -0
            int sign = Float.floatToRawIntBits(chunk[i] + 0f) >>> 31;
            codes[i] = Math.min(levels, rounded) | sign << bits;
        }
    }

    private void write(int length, BitWriter out) {
        int width = bits + 1;
        int group = Long.SIZE / width;
        for (int from = 0; from < length; from += group) {
            int count = Math.min(group, length - from);
            long word = 0;
            for (int i = 0; i < count; i++) {
                word |= (long) codes[from + i] << (i * width);
            }
            out.write(word, count * width);
        }
    }

    /** Fills the table of what the codes stand for, times a factor. */
    private void decode(float norm, long d, float factor) {
        float step = (float) (scale(d) * norm / levels);
        for (int level = 0; level <= levels; level++) {
            float value = factor * (step * level);
            values[level] = value;
            // never -0
            values[level | 1 << bits] = 0 - value;
        }
    }

    @Override
    public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
        int d = y.remaining();
        decode(in.readFloat(), d, factor);
        int width = bits + 1;
        int group = Long.SIZE / width;
        int mask = (1 << width) - 1;
        int end = y.limit();
        for (int at = y.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            y.get(at, chunk, 0, length);
            for (int from = 0; from < length; from += group) {
                int count = Math.min(group, length - from);
                long word = in.read(count * width);
                for (int i = 0; i < count; i++) {
                    chunk[from + i] += values[(int) (word >>> (i * width)) & mask];
                }
            }
            y.put(at, chunk, 0, length);
        }
    }

    /** Returns c. */
    double scale(long d) {
        return biased ? delta(d) : 1;
    }

    @Override
    public DeviceForm deviceForm() {
        return new DeviceQsgd(bits, this::scale);
    }

    /** {@code qsgd}. */
    public static final class Provider implements CompressorProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "qsgd";
        }

        @Override
        public String summary() {
            return "the norm of a tensor, and of each entry its sign and a level of few bits";
        }

        @Override
        public List<Option> options() {
            return List.of(
                    Option.integer("bits", "bits of an entry's level, besides its sign")
                            .from(1)
                            .upTo(16)
                            .byDefault(4),
                    biased("true scales down to a contraction, false is right in the mean"));
        }

        @Override
        public Compressor create(Options options) {
            return new Qsgd(options.integer("bits"), options.flag(BIASED));
        }
    }
}
