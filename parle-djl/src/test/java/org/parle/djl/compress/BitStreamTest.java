package org.parle.djl.compress;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;

/** The stream of bits below the compressors. */
public class BitStreamTest {

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    public void shouldBeginWithTheLowestBit() {
        ByteBuffer bytes = buffer(16);
        BitWriter out = new BitWriter(bytes);
        out.write(1, 1);
        out.write(0b10, 2);
        out.write(0x155, 9);
        Assert.assertEquals(out.written(), 12);
        Assert.assertEquals(out.finish(), 2);
        Assert.assertEquals(bytes.get(0), (byte) 0b10101101);
        Assert.assertEquals(bytes.get(1), 0b1010);
    }

    @Test
    public void shouldReadWhatWasWritten() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int[] widths = random.ints(300, 0, 65).toArray();
            long[] values = new long[widths.length];
            ByteBuffer bytes = buffer(300 * 8 + 8);
            BitWriter out = new BitWriter(bytes);
            for (int i = 0; i < widths.length; i++) {
                long mask = widths[i] == 64 ? -1 : (1L << widths[i]) - 1;
                values[i] = random.nextLong() & mask;
                out.write(values[i], widths[i]);
            }
            BitReader in = new BitReader(bytes.limit(out.finish()));
            for (int i = 0; i < widths.length; i++) {
                Assert.assertEquals(in.read(widths[i]), values[i], "seed " + seed + ", " + i);
            }
        }
    }

    @Test
    public void shouldTakeFloatsAtAnyBit() {
        float[] values = {1.5f, -0f, Float.MIN_VALUE, 3e38f, -7};
        for (int before = 0; before < 70; before++) {
            ByteBuffer bytes = buffer(100);
            BitWriter out = new BitWriter(bytes);
            for (int i = 0; i < before; i++) {
                out.write(1, 1);
            }
            out.write(FloatBuffer.wrap(values));
            out.write(0x3A, 6);
            out.write(values[4]);
            Assert.assertEquals(out.written(), before + 6 * 32 + 6);
            BitReader in = new BitReader(bytes.limit(out.finish()));
            for (int i = 0; i < before; i++) {
                Assert.assertEquals(in.read(1), 1);
            }
            float[] found = new float[values.length];
            in.read(found, found.length);
            Assert.assertEquals(found, values);
            Assert.assertEquals(in.read(6), 0x3A);
            Assert.assertEquals(in.readFloat(), -7f);
        }
    }

    @Test
    public void shouldNotReadBeyondTheEnd() {
        BitReader in = new BitReader(buffer(3));
        Assert.assertEquals(in.read(20), 0);
        Assert.assertThrows(IndexOutOfBoundsException.class, () -> in.read(5));
    }
}
