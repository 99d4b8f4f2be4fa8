package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.Managed;
import org.parle.djl.SupposedGpu;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Random;

/** The longest gradient. */
public class ClipTest {

    /** The factor that a GPU computes has the bits of the one that the host computes. */
    @Test
    public void shouldHaveTheSameBitsOnAnyDevice() {
        Random random = new Random(2);
        try (NDManager manager = NDManager.newBaseManager();
                NDManager there = SupposedGpu.manager(SupposedGpu.gpu(1))) {
            int clipped = 0;
            for (int i = 0; i < 300; i++) {
                float[] values = new float[1 + random.nextInt(300)];
                for (int j = 0; j < values.length; j++) {
                    values[j] = Math.scalb((float) random.nextGaussian(), random.nextInt(5) - 3);
                }
                double most = i % 3 == 0 ? random.nextFloat() : 20 * random.nextDouble();
                NDArray here = manager.create(values);
                NDArray far = there.create(values);
                Assert.assertTrue(far.getDevice().isGpu());
                Managed before = Managed.now();
                Vectors.clip(most, here);
                Vectors.clip(most, far);
                Assert.assertEquals(Managed.now(), before);
                float[] expected = here.toFloatArray();
                Assert.assertEquals(far.toFloatArray(), expected);
                clipped += expected[0] == values[0] ? 0 : 1;
                Assert.assertTrue(Vectors.norm(here) <= most * 1.0001 || expected[0] == values[0]);
                far.close();
            }
            Assert.assertTrue(clipped > 50 && clipped < 280, clipped + " were too long");
        }
    }

    @Test
    public void shouldLeaveZerosAlone() {
        try (NDManager there = SupposedGpu.manager(SupposedGpu.gpu(1))) {
            NDArray zeros = there.create(new float[3]);
            Vectors.clip(1, zeros);
            Assert.assertEquals(zeros.toFloatArray(), new float[3]);
        }
    }
}
