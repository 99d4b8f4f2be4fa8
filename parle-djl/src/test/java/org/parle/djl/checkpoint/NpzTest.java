package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.sun.management.OperatingSystemMXBean;

import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of arrays, which go to the file and back in pieces. */
public class NpzTest {

    private static final long GIBI = 1L << 30;

    // more bytes than 2^31, and no whole number of pieces
    private static final long LARGE = 560_000_001;

    private NDManager manager;
    private Path folder;
    private Path file;

    @BeforeMethod
    public void setUp() throws IOException {
        manager = NDManager.newBaseManager();
        folder = Files.createTempDirectory("npz");
        file = folder.resolve("arrays.npz");
    }

    @AfterMethod
    public void tearDown() throws IOException {
        manager.close();
        Files.deleteIfExists(file);
        Files.delete(folder);
    }

    private Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("scalar", manager.create(3.5f));
        arrays.put("vector", manager.arange(400_000f));
        arrays.put("matrix", manager.arange(6f).reshape(2, 3));
        arrays.put("turned", manager.arange(6f).reshape(2, 3).transpose());
        arrays.put("empty", manager.create(new Shape(0)));
        arrays.put("doubles", manager.create(new double[] {1, Double.MIN_VALUE, Double.NaN}));
        arrays.put("longs", manager.create(new long[] {Long.MIN_VALUE, 7}));
        arrays.put("bytes", manager.create(new byte[] {1, -1}).toType(DataType.UINT8, true));
        arrays.put("booleans", manager.create(new boolean[] {true, false, true}));
        return arrays;
    }

    private Map<String, NDArray> read() throws IOException {
        return NpzReader.read(file, (name, shape, type) -> manager.create(shape, type));
    }

    private static void assertSame(Map<String, NDArray> read, Map<String, NDArray> written) {
        Assert.assertEquals(read.keySet(), written.keySet());
        written.forEach(
                (name, array) -> {
                    Assert.assertEquals(read.get(name).getShape(), array.getShape(), name);
                    Assert.assertEquals(read.get(name).getDataType(), array.getDataType(), name);
                    Assert.assertEquals(read.get(name).toByteArray(), array.toByteArray(), name);
                });
    }

    @Test
    public void shouldReadWhatWasWritten() throws IOException {
        String sha256 = NpzWriter.write(file, arrays());
        Assert.assertEquals(NpzReader.sha256(file), sha256);
        assertSame(read(), arrays());
    }

    /** Into arrays that are there, and are no copies of them. */
    @Test
    public void shouldReadIntoViewsOfAVector() throws IOException {
        NpzWriter.write(file, Map.of("piece", manager.create(new float[] {1, 2})));
        NDArray vector = manager.zeros(new Shape(4));
        try (NDArray piece = vector.get("1:3")) {
            NpzReader.read(file, (name, shape, type) -> piece);
        }
        Assert.assertEquals(vector.toFloatArray(), new float[] {0, 1, 2, 0});
    }

    /** One that is not contiguous has its values elsewhere. */
    @Test
    public void shouldReadIntoATurnedArray() throws IOException {
        NDArray written = manager.arange(6f).reshape(3, 2);
        NpzWriter.write(file, Map.of("turned", written));
        NDArray turned = manager.zeros(new Shape(2, 3)).transpose();
        NpzReader.read(file, (name, shape, type) -> turned);
        Assert.assertEquals(turned.toFloatArray(), written.toFloatArray());
    }

    @Test
    public void shouldPassOverWhatNobodyWants() throws IOException {
        NpzWriter.write(file, arrays());
        NDArray matrix = manager.zeros(new Shape(2, 3));
        Map<String, NDArray> read =
                NpzReader.read(file, (name, shape, type) -> name.equals("matrix") ? matrix : null);
        Assert.assertEquals(read, Map.of("matrix", matrix));
        Assert.assertEquals(matrix.toFloatArray(), new float[] {0, 1, 2, 3, 4, 5});
    }

    /** They had entries in deflate's form, not compressed, with their lengths behind them. */
    @Test
    public void shouldReadWhatOlderVersionsWrote() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, NDArray> entry : arrays().entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
                zip.write(NpyHeader.of(entry.getValue()).bytes());
                zip.write(entry.getValue().toByteArray());
                zip.closeEntry();
            }
        }
        assertSame(read(), arrays());
    }

    /** DJL is another reader of the format. */
    @Test
    public void shouldBeReadByDjl() throws IOException {
        Map<String, NDArray> arrays = arrays();
        // DJL reads no empty one
        arrays.remove("empty");
        NpzWriter.write(file, arrays);
        Map<String, NDArray> read = new LinkedHashMap<>();
        for (NDArray array : NDList.decode(manager, Files.readAllBytes(file))) {
            read.put(array.getName(), array);
        }
        assertSame(read, arrays);
    }

    @DataProvider
    public Object[][] headers() {
        return new Object[][] {
            {"{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }\n", "byte order"},
            {"{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }\n", "NumPy header"},
            {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n", "<c8"},
            {"", "NumPy header"},
        };
    }

    @Test(dataProvider = "headers")
    public void shouldRefuseOtherHeaders(String text, String word) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
            zip.write(new byte[] {(byte) text.length(), 0});
            zip.write(text.getBytes(StandardCharsets.US_ASCII));
            zip.write(new byte[4]);
        }
        var e = Assert.expectThrows(IllegalArgumentException.class, this::read);
        Assert.assertTrue(e.getMessage().contains(word), e.getMessage());
    }

    /** More than any buffer of Java's holds; each place is its own. */
    @Test
    public void shouldReadAnArrayAboveTwoGibibytes() throws IOException {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        if (system.getFreeMemorySize() < 3 * GIBI
                || Files.getFileStore(folder).getUsableSpace() < 3 * GIBI) {
            throw new SkipException("needs 3 GiB of memory and of disk");
        }
        NDArray vector = manager.zeros(new Shape(LARGE));
        long[] places = {0, 1, LARGE / 3, LARGE / 2, (1L << 29) - 1, 1L << 29, LARGE - 1};
        for (long place : places) {
            vector.set(new NDIndex("{}", place), place % 1000 + 1);
        }
        NpzWriter.write(file, Map.of("vector", vector));
        vector.subi(vector);
        NpzReader.read(file, (name, shape, type) -> vector);
        for (long place : places) {
            try (NDArray value = vector.get(place)) {
                Assert.assertEquals(value.getFloat(), place % 1000 + 1f, "at " + place);
                vector.set(new NDIndex("{}", place), 0);
            }
        }
        try (NDArray sum = vector.sum()) {
            Assert.assertEquals(sum.getFloat(), 0f);
        }
    }
}
