package org.example;

import org.parle.djl.compress.BitReader;
import org.parle.djl.compress.BitWriter;
import org.parle.djl.compress.Compressor;
import org.parle.djl.compress.CompressorProvider;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.nio.FloatBuffer;
import java.util.List;

/** A third party's compressor: the upper 16 bits of every entry. */
public final class UpperHalves implements CompressorProvider {

    @Override
    public String name() {
        return "upper-halves";
    }

    @Override
    public String summary() {
        return "the upper 16 bits of every entry";
    }

    @Override
    public List<Option> options() {
        return List.of(
                // of this name top-k has a number
                Option.choice("keep", "which half", "upper").byDefault("upper"),
                Option.flag("loud", "does nothing").byDefault(false));
    }

    @Override
    public Compressor create(Options options) {
        return new Compressor() {

            @Override
            public long bits(long d) {
                return 16 * d;
            }

            @Override
            public double delta(long d) {
                return 1 - 0x1p-14;
            }

            @Override
            public void compress(FloatBuffer u, Draws.Sequence draws, BitWriter out) {
                for (int i = u.position(); i < u.limit(); i++) {
                    if (!Float.isFinite(u.get(i))) {
                        throw new ArithmeticException("it has an entry that is NaN or infinite");
                    }
                    int half = Float.floatToRawIntBits(u.get(i)) >>> 16;
                    out.write(half, 16);
                    u.put(i, Float.intBitsToFloat(half << 16) + 0f);
                }
            }

            @Override
            public void add(BitReader in, Draws.Sequence draws, float factor, FloatBuffer y) {
                for (int i = y.position(); i < y.limit(); i++) {
                    float value = Float.intBitsToFloat((int) in.read(16) << 16);
                    y.put(i, y.get(i) + factor * value);
                }
            }
        };
    }
}
