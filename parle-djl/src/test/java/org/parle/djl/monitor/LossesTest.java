package org.parle.djl.monitor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.Managed;
import org.parle.djl.SupposedGpu;
import org.testng.Assert;
import org.testng.annotations.Test;

/** When losses are read. */
public class LossesTest {

    @Test
    public void shouldReadThoseOnAGpuWhenARowIsWritten() {
        try (NDManager manager = SupposedGpu.manager(SupposedGpu.gpu(1));
                Losses losses = new Losses()) {
            Managed before = Managed.now();
            try (NDManager batch = manager.newSubManager()) {
                for (float value : new float[] {1, 2, 6}) {
                    NDArray loss = batch.create(value);
                    losses.add(loss);
                    // seen, since nobody has looked
                    loss.addi(batch.create(1f));
                }
            }
            Assert.assertEquals(losses.sinceSynchronisation().take(), 4.0);
            Assert.assertEquals(losses.sinceEpoch().count(), 3);
            Assert.assertEquals(losses.sinceEpoch().take(), 4.0);
            Assert.assertEquals(losses.sinceEpoch().count(), 0);
            Assert.assertEquals(Managed.now(), before);
        }
    }

    @Test
    public void shouldNotKeepTooMany() {
        try (NDManager manager = SupposedGpu.manager(SupposedGpu.gpu(1));
                Losses losses = new Losses()) {
            Managed before = Managed.now();
            for (int i = 0; i < 3000; i++) {
                losses.add(manager.full(new Shape(), (float) i));
            }
            Assert.assertEquals(Managed.now(), before);
            Assert.assertEquals(losses.sinceEpoch().take(), 1499.5);
        }
    }

    @Test
    public void shouldReadThoseOnTheCpuAtOnce() {
        try (NDManager manager = SupposedGpu.manager(Device.cpu());
                Losses losses = new Losses()) {
            NDArray loss = manager.create(3f);
            losses.add(loss);
            Assert.assertTrue(loss.isReleased());
            Assert.assertEquals(losses.sinceEpoch().take(), 3.0);
        }
    }
}
