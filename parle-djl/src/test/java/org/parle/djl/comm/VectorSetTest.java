package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Both ways to work on vectors; the one for devices works on the CPU's, too. */
public class VectorSetTest {

    @DataProvider
    public Object[][] kinds() {
        Function<Call[], VectorSet> host = HostVectors::new;
        Function<Call[], VectorSet> cut = VectorSetTest::inPieces;
        Function<Call[], VectorSet> device = DeviceVectors::new;
        return new Object[][] {{host}, {cut}, {device}};
    }

    @Test(dataProvider = "kinds")
    public void shouldAverageARangeIntoTheFirstVectors(Function<Call[], VectorSet> kind) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray[] vectors = vectors(manager);
            VectorSet set = kind.apply(calls(vectors));
            set.mean(1, 3, 2);
            set.mean(0, 0, 3);
            Assert.assertEquals(vectors[0].toFloatArray(), new float[] {1, 4, 5, 4});
            Assert.assertEquals(vectors[1].toFloatArray(), new float[] {3, 4, 5, 6});
            Assert.assertEquals(vectors[2].toFloatArray(), new float[] {5, 6, 7, 8});
        }
    }

    /** To the last bit, of a number that divides by multiplying, and of one that does not. */
    @Test
    public void shouldDivideTheSumInRankOrder() {
        Random random = new Random(1);
        for (int count : new int[] {1, 2, 3, 4, 5, 8}) {
            FloatBuffer[] vectors = new FloatBuffer[count];
            float[] expected = new float[5000];
            for (int of = 0; of < count; of++) {
                vectors[of] = FloatBuffer.allocate(expected.length);
                for (int i = 0; i < expected.length; i++) {
                    float value = Math.scalb(random.nextFloat() - 0.5f, -random.nextInt(150));
                    vectors[of].put(i, value);
                    expected[i] += value;
                }
            }
            FloatBuffer mean = FloatBuffer.allocate(expected.length);
            HostVectors.mean(vectors, 0, expected.length, mean);
            for (int i = 0; i < expected.length; i++) {
                expected[i] /= count;
            }
            Assert.assertEquals(mean.array(), expected);
        }
    }

    @Test(dataProvider = "kinds")
    public void shouldSpreadARangeOfOneVector(Function<Call[], VectorSet> kind) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray[] vectors = vectors(manager);
            VectorSet set = kind.apply(calls(vectors));
            set.spread(1, 0, 2);
            set.spread(0, 4, 4);
            Assert.assertEquals(vectors[0].toFloatArray(), new float[] {3, 4, 3, 4});
            Assert.assertEquals(vectors[1].toFloatArray(), new float[] {3, 4, 5, 6});
            Assert.assertEquals(vectors[2].toFloatArray(), new float[] {3, 4, 7, 8});
        }
    }

    @Test
    public void shouldCutAVectorIntoSharesOfNearlyTheSameSize() {
        for (int length : new int[] {0, 1, 6, 7, 8, 132_220}) {
            Shares shares = new Shares(length, 7);
            long end = 0;
            for (int share = 0; share < 7; share++) {
                Assert.assertEquals(shares.from(share), end);
                end = shares.to(share);
                long size = shares.size(share);
                Assert.assertTrue(size == length / 7 || size == length / 7 + 1, "size " + size);
            }
            Assert.assertEquals(end, length);
        }
    }

    /** As vectors above 2 GB are cut, so that ranges end within pieces, and span several. */
    private static VectorSet inPieces(Call[] calls) {
        List<List<FloatBuffer>> pieces =
                Arrays.stream(calls).map(call -> HostVectors.pieces(call.vector(), 3)).toList();
        Assert.assertEquals(pieces.get(0).size(), 2);
        return new HostVectors(pieces, 3);
    }

    private static NDArray[] vectors(NDManager manager) {
        return new NDArray[] {
            manager.create(new float[] {1, 2, 3, 4}),
            manager.create(new float[] {3, 4, 5, 6}),
            manager.create(new float[] {5, 6, 7, 8})
        };
    }

    private static Call[] calls(NDArray[] vectors) {
        return Arrays.stream(vectors).map(Call::allReduce).toArray(Call[]::new);
    }
}
