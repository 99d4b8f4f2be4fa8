package org.parle.djl.compress;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Which entries top-k takes, against sorting them all. */
public class SelectionTest {

    @Test
    public void shouldTakeWhatSortingTakes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int d = 1 + random.nextInt(1000);
            double keep = List.of(0.001, 0.01, 0.3, 0.9, 1.0).get(seed % 5);
            float[] u = new float[d];
            for (int i = 0; i < d; i++) {
                u[i] =
                        switch (seed % 4) {
                            case 0 -> (float) random.nextGaussian();
                            case 1 -> random.nextInt(5) - 2;
                            case 2 -> Float.intBitsToFloat(random.nextInt() & ~(1 << 30));
                            // alike in the first bits, so that the last ones decide
                            default ->
                                    (random.nextInt(2) * 2 - 1) * (1 + random.nextInt(9) * 1e-7f);
                        };
            }
            Assert.assertEquals(kept(u, keep), sorted(u, keep), "seed " + seed);
        }
    }

    @Test
    public void shouldTakeTheFirstOfEqualOnes() {
        float[] u = new float[5000];
        Arrays.fill(u, -2);
        float[] expected = new float[5000];
        Arrays.fill(expected, 0, 50, -2);
        Assert.assertEquals(kept(u, 0.01), expected);
    }

    private static float[] kept(float[] u, double keep) {
        float[] q = u.clone();
        Compressor topK = Compressors.named("top-k", Map.of("keep", keep));
        ByteBuffer bytes = ByteBuffer.allocate(8 * u.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        topK.compress(FloatBuffer.wrap(q), Draws.seeded(1).of(0, 0, 0), new BitWriter(bytes));
        return q;
    }

    private static float[] sorted(float[] u, double keep) {
        float[] q = new float[u.length];
        IntStream.range(0, u.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(u[i])))
                .limit((long) Math.max(1, Math.floor(keep * u.length + 1e-9)))
                .forEach(i -> q[i] = u[i] + 0f);
        return q;
    }
}
