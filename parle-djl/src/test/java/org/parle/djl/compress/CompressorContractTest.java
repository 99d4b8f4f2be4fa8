package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;

/** What every compressor keeps to. */
public class CompressorContractTest {

    // all lengths where something may go wrong: 1, 63 to 65, pieces of loops and their neighbours
    private static final int[] SIZES = {1, 2, 3, 63, 64, 65, 1, 100, 2047, 2048, 2049, 5000};

    @DataProvider
    public Object[][] compressors() {
        return Examples.all().stream().map(x -> new Object[] {x}).toArray(Object[][]::new);
    }

    @Test
    public void shouldTestEveryCompressorThereIs() {
        Assert.assertEquals(Examples.names(), Compressors.providers().keySet());
    }

    @Test(dataProvider = "compressors")
    public void shouldGiveTheReceiverWhatTheSenderHolds(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec sender = x.codec(SIZES);
                MessageCodec receiver = x.codec(SIZES)) {
            for (int step = 1; step <= 3; step++) {
                NDArray u = manager.create(Examples.vector(SIZES, step));
                ByteBuffer message = Examples.carry(sender.compress(u, 2, step));
                NDArray y = manager.full(u.getShape(), 7f);
                receiver.decode(message, 2, step, y);
                assertSameBits(y, u, x);
                Assert.assertEquals(message.position(), 0);
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldAddWithAFactor(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            NDArray u = manager.create(Examples.vector(SIZES, 1));
            ByteBuffer message = codec.compress(u, 2, 5);
            float[] start = Examples.vector(SIZES, 2);
            for (double factor : new double[] {1, -1, 1.0 / 3, 0}) {
                NDArray y = manager.create(start);
                codec.add(message, 2, 5, factor, y);
                NDArray expected = manager.create(start).add(u.mul((float) factor));
                Assert.assertEquals(y.toFloatArray(), expected.toFloatArray(), 0f, x.toString());
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldKeepToItsErrorBound(Object given) {
        Examples x = (Examples) given;
        int times = 200;
        for (int d : new int[] {1, 2, 17, 300, 4000}) {
            double error = 0;
            double norm = 0;
            Compressor compressor = x.compressor();
            for (int i = 0; i < times; i++) {
                float[] u = Examples.vector(new int[] {d}, i);
                float[] q = compress(compressor, u, Examples.DRAWS.of(0, i, 0));
                for (int j = 0; j < d; j++) {
                    error += Math.pow((double) q[j] - u[j], 2);
                    norm += Math.pow(u[j], 2);
                }
            }
            double bound = (1 - compressor.delta(d)) * norm;
            // the bound holds in the mean over draws
            double slack = x.random() ? 1.15 * bound : bound;
            Assert.assertTrue(
                    error <= slack + 1e-9 * norm, x + ", d " + d + ": " + error + " > " + bound);
            Assert.assertTrue(compressor.delta(d) <= 1);
        }
    }

    @DataProvider
    public Object[][] unbiased() {
        return Examples.all().stream()
                .filter(x -> Boolean.FALSE.equals(x.options().get("biased")))
                .map(x -> new Object[] {x})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "unbiased")
    public void shouldBeRightInTheMeanWhereUnbiased(Object given) {
        Examples x = (Examples) given;
        int times = 4000;
        float[] u = Examples.vector(new int[] {30}, 1);
        double norm = 0;
        for (float value : u) {
            norm += (double) value * value;
        }
        double[] mean = new double[u.length];
        Compressor compressor = x.compressor();
        for (int i = 0; i < times; i++) {
            float[] q = compress(compressor, u, Examples.DRAWS.of(1, i, 2));
            for (int j = 0; j < u.length; j++) {
                mean[j] += q[j] / (double) times;
            }
        }
        for (int j = 0; j < u.length; j++) {
            Assert.assertEquals(mean[j], u[j], 4 * Math.sqrt(norm / times), x + ", entry " + j);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldSendAsManyBitsAsTheTableSays(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            long bits = Arrays.stream(SIZES).mapToLong(x::bits).sum();
            Assert.assertEquals(codec.bits(), bits, x.toString());
            ByteBuffer message = codec.compress(manager.ones(Examples.shape(SIZES)), 0, 1);
            Assert.assertEquals(message.position(), 0);
            Assert.assertEquals(message.limit(), (bits + 7) / 8, x.toString());
            Assert.assertEquals(codec.bytes(), (bits + 7) / 8, x.toString());
            Assert.assertEquals(message.order(), ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldWriteAndReadJustItsBits(Object given) {
        Examples x = (Examples) given;
        Compressor compressor = x.compressor();
        for (int d : SIZES) {
            FloatBuffer u = FloatBuffer.wrap(Examples.vector(new int[] {d}, 3));
            ByteBuffer bytes = ByteBuffer.allocate(8 * d + 100).order(ByteOrder.LITTLE_ENDIAN);
            BitWriter out = new BitWriter(bytes);
            out.write(1, 1);
            compressor.compress(u, Examples.DRAWS.of(1, 1, 0), out);
            Assert.assertEquals(out.written(), 1 + x.bits(d), x + ", d " + d);
            out.write(0x15, 5);
            BitReader in = new BitReader(bytes.limit(out.finish()));
            Assert.assertEquals(in.read(1), 1);
            compressor.add(in, Examples.DRAWS.of(1, 1, 0), 1, FloatBuffer.allocate(d));
            Assert.assertEquals(in.read(5), 0x15, x + ", d " + d);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldMakeZerosOfZeros(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            for (float zero : new float[] {0f, -0f}) {
                NDArray u = manager.full(Examples.shape(SIZES), zero);
                NDArray y = manager.ones(u.getShape());
                codec.decode(codec.compress(u, 0, 1), 0, 1, y);
                assertSameBits(y, u, x);
                Assert.assertEquals(y.countNonzero().getLong(), 0, x.toString());
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldTakeTensorsOfOneElement(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {1, 1, 1};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            float[] values = {-2.5f, 1e-30f, 0.75f};
            NDArray u = manager.create(values);
            ByteBuffer message = codec.compress(u, 0, 1);
            float[] q = u.toFloatArray();
            for (int i = 0; i < 3; i++) {
                double c = x.compressor().delta(1);
                double expected = x.scaled() ? c * values[i] : values[i];
                double part = x.name().equals("upper-halves") ? 0x1p-7 : 1e-6;
                Assert.assertEquals(q[i], expected, part * Math.abs(values[i]), x.toString());
            }
            NDArray y = manager.ones(u.getShape());
            codec.decode(message, 0, 1, y);
            assertSameBits(y, u, x);
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldTakeTheSmallestAndTheLargestNumbers(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {5, 1, 2};
        float least = Float.MIN_VALUE;
        float[] values = {least, -least, -0f, 3 * least, -2 * least, -least, 1e38f, -1e38f};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            NDArray u = manager.create(values);
            NDArray y = manager.ones(u.getShape());
            codec.decode(codec.compress(u, 0, 1), 0, 1, y);
            assertSameBits(y, u, x);
            Assert.assertTrue(Float.isFinite(y.abs().max().getFloat()), x.toString());
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldRefuseWhatIsNotFinite(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {3, 2100, 2};
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            for (float value : bad) {
                float[] values = Examples.vector(sizes, 1);
                values[3 + 2099] = value;
                IllegalArgumentException e =
                        Assert.expectThrows(
                                IllegalArgumentException.class,
                                () -> codec.compress(manager.create(values), 4, 9));
                Assert.assertEquals(
                        e.getMessage(),
                        "replica 4 cannot compress tensor 1 of 3 (2100 entries) at step 9:"
                                + " it has an entry that is NaN or infinite");
            }
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldRefuseMessagesOfAnotherLength(Object given) {
        Examples x = (Examples) given;
        int[] sizes = {30, 4};
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            NDArray y = manager.zeros(Examples.shape(sizes));
            for (int length : new int[] {0, codec.bytes() - 1, codec.bytes() + 1}) {
                ByteBuffer wrong = ByteBuffer.allocate(length);
                IllegalArgumentException e =
                        Assert.expectThrows(
                                IllegalArgumentException.class, () -> codec.add(wrong, 3, 8, 1, y));
                Assert.assertEquals(
                        e.getMessage(),
                        "the message of replica 3 at step 8 has "
                                + length
                                + " bytes instead of "
                                + codec.bytes()
                                + ": do all replicas have the same model and compressor?");
                Assert.assertThrows(
                        IllegalArgumentException.class, () -> codec.decode(wrong, 3, 8, y));
            }
            NDArray longer = manager.zeros(Examples.shape(new int[] {35}));
            Assert.assertThrows(IllegalArgumentException.class, () -> codec.compress(longer, 0, 1));
        }
    }

    @Test(dataProvider = "compressors")
    public void shouldTakeVectorsThatHaveNoMemoryOfTheirOwn(Object given) {
        Examples x = (Examples) given;
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(SIZES)) {
            float[] values = Examples.vector(SIZES, 1);
            NDArray u = manager.create(values);
            ByteBuffer expected = Examples.carry(codec.compress(u, 0, 1));
            NDArray column = manager.zeros(new Shape(values.length, 2));
            NDArray view = column.get(":, 1");
            view.addi(manager.create(values));
            Assert.assertEquals(codec.compress(view, 0, 1), expected, x.toString());
            assertSameBits(column.get(":, 1"), u, x);
            codec.add(expected, 0, 1, -1, view);
            Assert.assertEquals(column.get(":, 1").countNonzero().getLong(), 0, x.toString());
        }
    }

    @Test
    public void shouldDrawOtherNumbersForOtherSendersStepsAndTensors() {
        int[] sizes = {1000, 1000};
        Examples x = Examples.named("random-k");
        Random random = new Random(1);
        float[] values = new float[2000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() + 1;
        }
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec = x.codec(sizes)) {
            boolean[] first = kept(codec, manager.create(values), 1, 1);
            Assert.assertEquals(kept(codec, manager.create(values), 1, 1), first);
            Assert.assertNotEquals(kept(codec, manager.create(values), 1, 2), first);
            Assert.assertNotEquals(kept(codec, manager.create(values), 2, 1), first);
            Assert.assertNotEquals(
                    Arrays.copyOfRange(first, 0, 1000), Arrays.copyOfRange(first, 1000, 2000));
        }
    }

    private static boolean[] kept(MessageCodec codec, NDArray u, int sender, long step) {
        codec.compress(u, sender, step);
        return u.neq(0).toBooleanArray();
    }

    private static float[] compress(Compressor compressor, float[] u, Draws.Sequence draws) {
        float[] q = u.clone();
        int bytes = (int) compressor.bits(u.length) / 8 + 16;
        ByteBuffer message = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        compressor.compress(FloatBuffer.wrap(q), draws, new BitWriter(message));
        return q;
    }

    static void assertSameBits(NDArray found, NDArray expected, Examples x) {
        float[] a = found.toFloatArray();
        float[] b = expected.toFloatArray();
        Assert.assertEquals(a.length, b.length);
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                Assert.fail(x + ": entry " + i + " is " + a[i] + " instead of " + b[i]);
            }
        }
    }
}
