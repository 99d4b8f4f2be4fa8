package org.parle.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

public class SyntheticDigitsTest extends WithManager {

    private SyntheticDigits.Builder digits(int size) {
        return SyntheticDigits.builder().optManager(manager).optSize(size).setSampling(size, false);
    }

    private Batch read(SyntheticDigits.Builder builder) throws Exception {
        return builder.build().getData(manager).iterator().next();
    }

    private float[] pixels(SyntheticDigits.Builder builder) throws Exception {
        try (Batch batch = read(builder)) {
            return batch.getData().head().toFloatArray();
        }
    }

    @Test
    public void shouldLookLikeMnist() throws Exception {
        try (Batch batch = read(digits(64))) {
            NDArray images = batch.getData().singletonOrThrow();
            Assert.assertEquals(images.getShape(), new Shape(64, 1, 28, 28));
            Assert.assertEquals(images.getDataType(), DataType.FLOAT32);
            Assert.assertTrue(images.min().getFloat() >= 0);
            Assert.assertTrue(images.max().getFloat() <= 1);
            // MNIST's mean is 0.13
            Assert.assertEquals(images.mean().getFloat(), .13f, .06f);
            NDArray labels = batch.getLabels().singletonOrThrow();
            Assert.assertEquals(labels.getShape(), new Shape(64));
            Assert.assertEquals(labels.getDataType(), DataType.FLOAT32);
        }
    }

    @Test
    public void shouldGiveEachDigitEquallyOften() throws Exception {
        int[] counts = new int[10];
        try (Batch batch = read(digits(200))) {
            for (float label : batch.getLabels().head().toFloatArray()) {
                counts[(int) label]++;
            }
        }
        int[] expected = new int[10];
        Arrays.fill(expected, 20);
        Assert.assertEquals(counts, expected);
    }

    @Test
    public void shouldDrawTheSameImagesForASeed() throws Exception {
        float[] images = pixels(digits(50));
        Assert.assertEquals(pixels(digits(50)), images);
        Assert.assertFalse(Arrays.equals(pixels(digits(50).optSeed(1)), images));
        Assert.assertFalse(Arrays.equals(pixels(digits(50).optUsage(Dataset.Usage.TEST)), images));
        float[] longer = pixels(digits(70));
        Assert.assertEquals(Arrays.copyOf(longer, images.length), images);
    }

    @Test
    public void shouldDrawNoImageTwice() throws Exception {
        float[] images = pixels(digits(300));
        long different =
                IntStream.range(0, 300)
                        .mapToObj(i -> Arrays.copyOfRange(images, i * 784, (i + 1) * 784))
                        .map(Arrays::hashCode)
                        .distinct()
                        .count();
        Assert.assertEquals(different, 300);
    }

    @Test
    public void shouldTellDigitsApartByTheirMeanImage() throws Exception {
        float[] means = new float[7840];
        try (Batch batch = read(digits(2000))) {
            float[] images = batch.getData().head().toFloatArray();
            float[] labels = batch.getLabels().head().toFloatArray();
            for (int i = 0; i < images.length; i++) {
                means[784 * (int) labels[i / 784] + i % 784] += images[i] / 200;
            }
        }
        int right = 0;
        try (Batch batch = read(digits(500).optUsage(Dataset.Usage.TEST))) {
            float[] images = batch.getData().head().toFloatArray();
            float[] labels = batch.getLabels().head().toFloatArray();
            for (int i = 0; i < 500; i++) {
                right += nearest(images, i, means) == (int) labels[i] ? 1 : 0;
            }
        }
        // drawn from the right strokes, yet nothing that so simple a reader could solve
        Assert.assertTrue(right > 250 && right < 450, right + " of 500");
    }

    private static int nearest(float[] images, int i, float[] means) {
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int digit = 0; digit < 10; digit++) {
            double distance = 0;
            for (int p = 0; p < 784; p++) {
                double difference = images[784 * i + p] - means[784 * digit + p];
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = digit;
            }
        }
        return best;
    }

    @Test
    public void shouldHaveItsDefaultSizesBeforeItIsDrawn() {
        SyntheticDigits.Builder builder = SyntheticDigits.builder().setSampling(128, true);
        Assert.assertEquals(builder.build().size(), 10_000);
        Assert.assertEquals(builder.optUsage(Dataset.Usage.TEST).build().size(), 10_000);
        Assert.assertThrows(IllegalArgumentException.class, () -> builder.optSize(0));
        Assert.assertThrows(IllegalArgumentException.class, () -> builder.optSize(3_000_000));
    }
}
