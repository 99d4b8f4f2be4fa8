package org.parle.djl.vector;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.Managed;
import org.parle.djl.SupposedGpu;
import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What crosses between devices and main memory, on the CPU and on a supposed GPU. */
public class DeviceDoorTest {

    private NDManager manager;

    @BeforeMethod
    public void open() {
        manager = SupposedGpu.manager(Device.cpu());
    }

    @AfterMethod
    public void close() {
        manager.close();
    }

    @DataProvider
    public Object[][] devices() {
        return new Object[][] {{Device.cpu()}, {SupposedGpu.gpu(1)}};
    }

    private static ByteBuffer buffer(boolean direct, int bytes) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        return buffer.order(ByteOrder.nativeOrder());
    }

    private static NDArray[] arrays(NDManager there) {
        return new NDArray[] {
            there.arange(24f),
            there.arange(24f).reshape(2, 3, 4),
            // not contiguous
            there.arange(24f).reshape(4, 3, 2).transpose(2, 1, 0)
        };
    }

    private static float[] values(int array) {
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = array < 2 ? i : i % 4 * 6 + i / 4 % 3 * 2 + i / 12;
        }
        return values;
    }

    @Test(dataProvider = "devices")
    public void shouldReadAnyRange(Device device) {
        try (NDManager there = manager.newSubManager(device)) {
            NDArray[] arrays = arrays(there);
            Managed before = Managed.now();
            for (int a = 0; a < arrays.length; a++) {
                Assert.assertEquals(arrays[a].getDevice(), device);
                for (int from = 0; from <= 24; from++) {
                    for (int to = from; to <= 24; to++) {
                        int bytes = (to - from) * Float.BYTES;
                        ByteBuffer read = buffer(to % 2 == 0, bytes + 9).position(5);
                        DeviceDoor.read(arrays[a], from, read.limit(5 + bytes));
                        Assert.assertEquals(read.position(), 5 + bytes);
                        Assert.assertEquals(
                                read.position(5).slice().order(ByteOrder.nativeOrder()),
                                bytes(Arrays.copyOfRange(values(a), from, to)));
                    }
                }
            }
            Assert.assertEquals(Managed.now(), before);
        }
    }

    private static ByteBuffer bytes(float... values) {
        ByteBuffer bytes = buffer(false, values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    @Test(dataProvider = "devices")
    public void shouldWriteAnyRangeInPlace(Device device) {
        try (NDManager there = manager.newSubManager(device)) {
            NDArray[] arrays = arrays(there);
            Managed before = Managed.now();
            for (int a = 0; a < arrays.length; a++) {
                for (int from = 0; from <= 24; from++) {
                    for (int to = from; to <= 24; to++) {
                        float[] changed = values(a);
                        ByteBuffer all = bytes(changed);
                        DeviceDoor.write(all, arrays[a], 0);
                        ByteBuffer write = buffer(to % 2 == 0, (to - from) * Float.BYTES);
                        for (int i = from; i < to; i++) {
                            changed[i] = -1 - i;
                            write.putFloat(-1 - i);
                        }
                        DeviceDoor.write(write.flip(), arrays[a], from);
                        Assert.assertFalse(write.hasRemaining());
                        ByteBuffer read = buffer(true, all.limit());
                        DeviceDoor.read(arrays[a], 0, read);
                        Assert.assertEquals(read.flip(), bytes(changed));
                    }
                }
            }
            Assert.assertEquals(Managed.now(), before);
        }
    }

    @Test
    public void shouldTakeAnyType() {
        byte[] bytes = new byte[16];
        new Random(1).nextBytes(bytes);
        for (DataType type :
                List.of(DataType.INT8, DataType.UINT8, DataType.INT64, DataType.FLOAT64)) {
            NDArray array = manager.create(new Shape(16 / type.getNumOfBytes()), type);
            DeviceDoor.write(ByteBuffer.wrap(bytes), array, 0);
            ByteBuffer read = buffer(true, 16);
            DeviceDoor.read(array, 0, read);
            Assert.assertEquals(read.flip(), ByteBuffer.wrap(bytes), type.toString());
        }
        NDArray flag = manager.create(new boolean[] {false, false});
        DeviceDoor.write(ByteBuffer.wrap(new byte[] {1}), flag, 1);
        Assert.assertEquals(flag.toBooleanArray(), new boolean[] {false, true});
    }

    /** Longer than the buffer that heap buffers go through. */
    @Test
    public void shouldPassLongOnes() {
        NDArray array = manager.arange(100_000f);
        ByteBuffer read = buffer(false, 400_000);
        DeviceDoor.read(array, 0, read);
        Assert.assertEquals(read.getFloat(4 * 77_777), 77_777f);
        NDArray other = manager.zeros(array.getShape());
        DeviceDoor.write(read.flip(), other, 0);
        Assert.assertEquals(other, array);
    }

    @Test
    public void shouldRefuseWhatIsOutside() {
        NDArray array = manager.zeros(new Shape(2, 3));
        ByteBuffer two = buffer(true, 8);
        Assert.assertThrows(IllegalArgumentException.class, () -> DeviceDoor.read(array, 5, two));
        Assert.assertThrows(IllegalArgumentException.class, () -> DeviceDoor.write(two, array, -1));
        Assert.assertThrows(
                IllegalArgumentException.class, () -> DeviceDoor.read(array, 0, two.limit(7)));
        Assert.assertThrows(
                IllegalArgumentException.class,
                () -> DeviceDoor.copy(array, manager.zeros(new Shape(3, 2))));
        Assert.assertThrows(IllegalArgumentException.class, () -> DeviceDoor.value(array));
    }

    /** DJL leaves a manager behind for each of these. */
    @Test
    public void shouldLeaveNothingBehindBetweenDevices() {
        try (NDManager there = manager.newSubManager(SupposedGpu.gpu(1))) {
            NDArray x = there.arange(6f).reshape(2, 3);
            NDArray y = manager.zeros(x.getShape());
            NDArray sum = x.sum();
            Assert.assertEquals(sum.getDevice(), SupposedGpu.gpu(1));
            Managed before = Managed.now();
            DeviceDoor.copy(x, y);
            Assert.assertEquals(DeviceDoor.value(sum), 15f);
            try (NDArray near = DeviceDoor.near(y, there)) {
                Assert.assertEquals(near.getDevice(), SupposedGpu.gpu(1));
                Assert.assertEquals(near.contentEquals(x), true);
            }
            Assert.assertEquals(Managed.now(), before);
            Assert.assertEquals(sum.getFloat(), 15f);
            Assert.assertEquals(Managed.now().managers(), before.managers() + 1, "DJL's own");
        }
    }
}
