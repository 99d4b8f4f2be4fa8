package org.parle.djl.compress;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Sends the k entries of largest magnitude, of equal ones the first (arXiv 1809.07599): k (32 +
 * &lceil;log&#8322; d&rceil;) bits, index and value in turn, from the lowest index to the highest.
 *
 * <p>What is kept is at least the part k/d of &Vert;u&Vert;&sup2;: &delta; = k/d.
 */
final class TopK implements HasDeviceForm {

    private final Keep keep;
    private final float[] chunk = new float[Chunks.SIZE];
    private final Threshold threshold = new Threshold(chunk);

    TopK(Keep keep) {
        this.keep = keep;
    }

    @Override
    public long bits(long d) {
        return (long) keep.of(d) * (Float.SIZE + Keep.indexBits(d));
    }

    @Override
    public double delta(long d) {
        return (double) keep.of(d) / d;
    }

    @Override
    public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
        int d = u.remaining();
        threshold.find(u, keep.of(d));
        int bits = Keep.indexBits(d);
        int least = threshold.bits();
        int ties = threshold.ties();
        for (int at = 0; at < d; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, d - at);
            u.get(u.position() + at, chunk, 0, length);
            for (int i = 0; i < length; i++) {
                int magnitude = Float.floatToRawIntBits(chunk[i]) & Threshold.MAGNITUDE;
                if (magnitude > least || (magnitude == least && ties-- > 0)) {
                    // never -0
                    chunk[i] += 0f;
                    write(at + i, chunk[i], bits, out);
                } else {
                    chunk[i] = 0;
                }
            }
            u.put(u.position() + at, chunk, 0, length);
        }
    }

    private static void write(int index, float value, int bits, BitWriter out) {
        long number = Float.floatToRawIntBits(value) & 0xFFFFFFFFL;
        out.write(index | number << bits, bits + Float.SIZE);
    }

    @Override
    public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
        int d = y.remaining();
        int k = keep.of(d);
        int bits = Keep.indexBits(d);
        int mask = (1 << bits) - 1;
        int from = y.position();
        for (int i = 0; i < k; i++) {
            long entry = in.read(bits + Float.SIZE);
            int index = (int) entry & mask;
            if (index >= d) {
                throw new IllegalArgumentException(
                        "the message is damaged: index " + index + " of a tensor of " + d);
            }
            float value = Float.intBitsToFloat((int) (entry >>> bits));
            y.put(from + index, y.get(from + index) + factor * value);
        }
    }

    @Override
    public DeviceForm deviceForm() {
        return new DeviceTopK(keep);
    }

    /** {@code top-k}. */
    public static final class Provider implements CompressorProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "top-k";
        }

        @Override
        public String summary() {
            return "the entries of largest magnitude and where they are";
        }

        @Override
        public List<Option> options() {
            return List.of(Keep.option());
        }

        @Override
        public Compressor create(Options options) {
            return new TopK(new Keep(options));
        }
    }
}
