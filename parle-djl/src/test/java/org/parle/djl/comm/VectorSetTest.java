package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.function.Function;

/** Both ways to work on vectors; the one for devices works on the CPU's, too. */
public class VectorSetTest {

    @DataProvider
    public Object[][] kinds() {
        Function<Call[], VectorSet> host = HostVectors::new;
        Function<Call[], VectorSet> device = DeviceVectors::new;
        return new Object[][] {{host}, {device}};
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
