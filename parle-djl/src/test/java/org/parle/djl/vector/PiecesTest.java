package org.parle.djl.vector;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Vectors that are cut anywhere have the bits of whole ones, and leave nothing behind. */
public class PiecesTest {

    private NDManager manager;
    private int threads;

    @BeforeMethod
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        threads = JniUtils.getNumThreads();
        JniUtils.setNumThreads(1);
    }

    @AfterMethod
    public void close() {
        JniUtils.setNumThreads(threads);
        manager.close();
    }

    @DataProvider
    public Object[][] lengths() {
        return new Object[][] {{1}, {1_500_000}, {1_500_001}, {1_501_183}, {2_097_152}};
    }

    private List<NDArray> vectors(int length) {
        List<NDArray> vectors = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            vectors.add(manager.create(values));
        }
        return vectors;
    }

    /** Every operation that there is. */
    private static void all(Pass pass, List<NDArray> vectors) {
        Piece x = pass.of(vectors.get(0));
        Piece y = pass.of(vectors.get(1));
        Piece z = pass.of(vectors.get(2));
        y.scale(0.9);
        y.add(x);
        y.add(-0.1, x);
        y.subtract(z);
        z.mix(0.3, y);
        z.addOnce(1e-4, x);
        z.addDifferenceOnce(0.7, x, y);
        x.average(0.75, z);
        Piece positive = pass.scratch();
        positive.set(y);
        positive.multiply(y);
        positive.addNumber(1e-3);
        z.divide(positive);
        Piece last = pass.scratch();
        last.set(z);
        y.add(2, last);
    }

    private List<float[]> after(int length, Consumer<List<NDArray>> work) {
        List<NDArray> vectors = vectors(length);
        GradientMode.off(() -> work.accept(vectors));
        List<float[]> values = vectors.stream().map(NDArray::toFloatArray).toList();
        vectors.forEach(NDArray::close);
        return values;
    }

    private static void inWindows(List<NDArray> vectors, long window) {
        long size = vectors.get(0).size();
        for (long from = 0; from < size; from += window) {
            try (ArrayPass pass = new ArrayPass(from, Math.min(size, from + window))) {
                all(pass, vectors);
            }
        }
    }

    @Test(dataProvider = "lengths")
    public void shouldGiveTheBitsOfWholeVectors(int length) {
        List<float[]> whole = after(length, vectors -> inWindows(vectors, length));
        List<float[]> pieces = after(length, v -> Pieces.each(v.get(0), pass -> all(pass, v)));
        List<float[]> windows = after(length, vectors -> inWindows(vectors, 700_001));
        List<float[]> host = after(length, v -> inMemory(v, length / 2 + 1));
        for (int i = 0; i < whole.size(); i++) {
            Assert.assertEquals(pieces.get(i), whole.get(i), "pieces, vector " + i);
            Assert.assertEquals(windows.get(i), whole.get(i), "windows, vector " + i);
            Assert.assertEquals(host.get(i), whole.get(i), "two buffers, vector " + i);
        }
    }

    private static void inMemory(List<NDArray> vectors, long window) {
        long size = vectors.get(0).size();
        for (long from = 0; from < size; from += window) {
            new HostPass(from, Math.min(size, from + window)).run(pass -> all(pass, vectors));
        }
    }

    @Test(dataProvider = "lengths")
    public void shouldMakeNoArrayOfTheVectorsLength(int length) {
        List<NDArray> vectors = vectors(length);
        int before = manager.getManagedArrays().size();
        int[] most = new int[1];
        GradientMode.off(
                () ->
                        Pieces.each(
                                vectors.get(0),
                                pass -> {
                                    all(pass, vectors);
                                    int now = manager.getManagedArrays().size();
                                    most[0] = Math.max(most[0], now);
                                }));
        // short ones have two for scratch
        Assert.assertEquals(most[0] - before, length > 1_500_000 ? 0 : 2);
        Assert.assertEquals(manager.getManagedArrays().size(), before, "afterwards");
    }

    @Test
    public void shouldTakeRootsToTheLastBitButOne() {
        NDArray vector = manager.arange(0f, 1_600_000f);
        float[] whole = vector.sqrt().toFloatArray();
        GradientMode.off(() -> Pieces.each(vector, pass -> pass.of(vector).root()));
        float[] pieces = vector.toFloatArray();
        for (int i = 0; i < whole.length; i++) {
            Assert.assertEquals(pieces[i], whole[i], Math.ulp(whole[i]));
        }
    }

    @Test
    public void shouldGiveTheSameBitsOnMoreThreads() {
        List<float[]> one = after(1_600_001, v -> Pieces.each(v.get(0), pass -> all(pass, v)));
        JniUtils.setNumThreads(3);
        List<float[]> three = after(1_600_001, v -> Pieces.each(v.get(0), pass -> all(pass, v)));
        for (int i = 0; i < one.size(); i++) {
            Assert.assertEquals(three.get(i), one.get(i), "vector " + i);
        }
    }

    @Test
    public void shouldTakeAVectorWithGaps() {
        int length = 1_600_000;
        NDArray sparse = manager.ones(new Shape(length, 2)).get(":, 0");
        NDArray dense = manager.zeros(new Shape(length));
        GradientMode.off(() -> Pieces.each(sparse, pass -> pass.of(dense).add(2, pass.of(sparse))));
        Assert.assertEquals(dense.sum().getFloat(), 2f * length);
    }
}
