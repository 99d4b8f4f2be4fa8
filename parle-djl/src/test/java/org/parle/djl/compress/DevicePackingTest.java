package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.SupposedGpu;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The way of vectors on a GPU, walked on the CPU: the same bits as the way of main memory. */
public class DevicePackingTest {

    private static final int[] SIZES = {1, 2, 3, 64, 65, 1, 100, 2049, 3000};

    @DataProvider
    public Object[][] compressors() {
        return Examples.all().stream().map(x -> new Object[] {x}).toArray(Object[][]::new);
    }

    private static Packing path(Examples x, int[] sizes) {
        return Packings.onDevice(x.compressor(), sizes, Examples.DRAWS);
    }

    private static ByteBuffer message(MessageCodec codec) {
        return ByteBuffer.allocate(codec.bytes() + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer compress(Packing path, NDArray u, int step, MessageCodec codec) {
        ByteBuffer message = message(codec);
        path.compress(u, 1, step, message);
        return message.limit(codec.bytes());
    }

    @Test(dataProvider = "compressors")
    public void shouldMakeTheSameMessage(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            Packing path = path(x, SIZES);
            for (int step = 1; step <= 3; step++) {
                float[] values = Examples.vector(SIZES, step);
                values[1] = -0f;
                NDArray u = manager.create(values);
                NDArray v = manager.create(values);
                ByteBuffer expected = codec.compress(u, 1, step);
                ByteBuffer found = compress(path, v, step, codec);
                Assert.assertEquals(found, expected, x + ", step " + step);
                CompressorContractTest.assertSameBits(v, u, x);
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldReadWhatTheOtherWayWrote(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            Packing path = path(x, SIZES);
            NDArray u = manager.create(Examples.vector(SIZES, 7));
            ByteBuffer message = Examples.carry(codec.compress(u, 1, 4));
            NDArray y = manager.ones(u.getShape());
            path.decode(message, 1, 4, y);
            CompressorContractTest.assertSameBits(y, u, x);
            NDArray a = manager.create(Examples.vector(SIZES, 8));
            NDArray b = a.duplicate();
            codec.add(message, 1, 4, 1.0 / 3, a);
            path.add(message, 1, 4, 1f / 3, b);
            Assert.assertEquals(b.toFloatArray(), a.toFloatArray(), 0f, x.toString());
            Assert.assertEquals(message.position(), 0);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldTakeZerosAndExtremes(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {3, 5, 1, 2};
        float least = Float.MIN_VALUE;
        float[] values = {
            0, -0f, 0, least, -least, 0, 3 * least, -2 * least, -least, 1e38f, -1e38f
        };
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            NDArray u = manager.create(values);
            NDArray v = manager.create(values);
            ByteBuffer expected = codec.compress(u, 1, 2);
            ByteBuffer found = compress(path(x, sizes), v, 2, codec);
            Assert.assertEquals(found, expected, x.toString());
            NDArray y = manager.ones(u.getShape());
            path(x, sizes).decode(found, 1, 2, y);
            CompressorContractTest.assertSameBits(y, u, x);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldRefuseWhatIsNotFinite(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {3, 2100, 2};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
                float[] values = Examples.vector(sizes, 1);
                values[700] = bad;
                NDArray u = manager.create(values);
                Refusal refusal =
                        Assert.expectThrows(
                                Refusal.class,
                                () -> path(x, sizes).compress(u, 0, 1, message(codec)));
                Assert.assertEquals(refusal.tensor(), 1);
                Assert.assertEquals(refusal.getMessage(), Refusal.INPUT);
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldLeaveNoArraysBehind(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            float[] values = Examples.vector(SIZES, 1);
            NDArray u = manager.create(values);
            NDArray y = manager.create(values);
            int before = manager.getManagedArrays().size();
            ByteBuffer message = compress(path(x, SIZES), u, 1, codec);
            path(x, SIZES).add(message, 1, 1, 0.5f, y);
            path(x, SIZES).decode(message, 1, 1, y);
            codec.decode(codec.compress(u, 1, 1), 1, 1, y);
            Assert.assertEquals(manager.getManagedArrays().size(), before, x.toString());
        }
    }

    /** A bit is a byte at the most in between, not a number. */
    @Test
    public void shouldTakeAByteForTheBitOfASign() {
        int[] sizes = {80_001};
        Examples x = new Examples("sign", Map.of());
        Set<String> wide = new TreeSet<>();
        Consumer<NDArray> watcher =
                array -> {
                    boolean values = array.getShape().equals(new Shape(sizes[0]));
                    long bytes = array.size() * array.getDataType().getNumOfBytes();
                    if (!values && bytes > sizes[0] + 100) {
                        wide.add(array.getShape() + " " + array.getDataType());
                    }
                };
        try (NDManager there = SupposedGpu.manager(SupposedGpu.gpu(1));
                MessageCodec codec = x.codec(sizes)) {
            NDArray u = there.create(Examples.vector(sizes, 1));
            NDArray y = there.zeros(u.getShape());
            SupposedGpu.watch(
                    watcher, () -> codec.decode(Examples.carry(codec.compress(u, 1, 1)), 1, 1, y));
            Assert.assertEquals(y, u);
            Assert.assertTrue(wide.isEmpty(), wide.toString());
        }
    }

    @Test
    public void shouldRefuseWhatBecomesTooLarge() {
        Examples x = new Examples("random-k", Map.of("keep", 0.5, "biased", false));
        int[] sizes = {1, 2};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            float[] values = {1, 3e38f, 3e38f};
            NDArray u = manager.create(values);
            Refusal refusal =
                    Assert.expectThrows(
                            Refusal.class, () -> path(x, sizes).compress(u, 0, 1, message(codec)));
            Assert.assertEquals(refusal.tensor(), 1);
            Assert.assertEquals(refusal.getMessage(), Refusal.OUTPUT);
            Assert.assertThrows(
                    IllegalArgumentException.class,
                    () -> codec.compress(manager.create(values), 0, 1));
        }
    }

    @Test
    public void shouldTakeAnyDraws() {
        Draws half = (sender, step, tensor) -> (from, draws, length) -> Arrays.fill(draws, 0.5);
        Compressor compressor = Compressors.named("qsgd", Map.of());
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = new MessageCodec(compressor, SIZES, half)) {
            float[] values = Examples.vector(SIZES, 3);
            ByteBuffer expected = codec.compress(manager.create(values), 1, 1);
            Packing path = Packings.onDevice(compressor, SIZES, half);
            ByteBuffer found = compress(path, manager.create(values), 1, codec);
            Assert.assertEquals(found, expected);
        }
    }

    @Test
    public void shouldHaveTheBitsOfEveryFloat() {
        Random random = new Random(5);
        float[] values = new float[20000];
        for (int i = 0; i < values.length; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            values[i] = Float.isFinite(value) ? value + 0f : Float.MAX_VALUE;
        }
        // subnormal ones are rare among all
        for (int i = 0; i < 5000; i++) {
            values[i] = Float.intBitsToFloat((random.nextInt() & 0x80FFFFFF) | 1);
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray bits = FloatBits.of(manager.create(values));
            byte[] found = bits.toByteArray();
            for (int i = 0; i < values.length; i++) {
                int expected = Float.floatToRawIntBits(values[i]);
                for (int j = 0; j < Float.SIZE; j++) {
                    Assert.assertEquals(
                            found[32 * i + j], (expected >>> j) & 1, values[i] + ", " + j);
                }
            }
            Assert.assertEquals(FloatBits.floats(bits).toFloatArray(), values);
        }
    }

    @Test
    public void shouldDrawTheSameNumbers() {
        int length = 3000;
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray like = manager.zeros(new Shape(1), DataType.FLOAT32);
            for (int seed = 0; seed < 20; seed++) {
                Draws.Sequence sequence = Draws.seeded(seed).of(seed, 3L * seed, 1);
                double[] expected = new double[length];
                sequence.fill(0, expected, length);
                double[] found = DeviceDraws.draw(sequence, like, length).toDoubleArray();
                Assert.assertEquals(found, expected);
            }
        }
    }
}
