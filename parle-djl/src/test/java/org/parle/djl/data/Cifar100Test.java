package org.parle.djl.data;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;

import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Records of CIFAR-100's binary format, written here. */
public class Cifar100Test extends WithManager {

    private static final int RECORD = 3074;

    private Path folder;

    @BeforeMethod
    public void open() throws IOException {
        folder = Files.createTempDirectory("parle");
        Files.write(folder.resolve("train.bin"), records(5));
        Files.write(folder.resolve("test.bin"), records(3));
    }

    /** Record i has the labels i and 99 − i; its pixels tell channel, row, column and record. */
    private static byte[] records(int count) {
        byte[] all = new byte[count * RECORD];
        for (int i = 0; i < count; i++) {
            all[i * RECORD] = (byte) i;
            all[i * RECORD + 1] = (byte) (99 - i);
            for (int pixel = 0; pixel < 3072; pixel++) {
                all[i * RECORD + 2 + pixel] =
                        (byte) value(i, pixel / 1024, pixel / 32 % 32, pixel % 32);
            }
        }
        return all;
    }

    private static int value(int record, int channel, int row, int column) {
        return (record * 50 + channel * 80 + row * 3 + column) % 256;
    }

    private Cifar100.Builder builder() {
        return Cifar100.builder().setFolder(folder).optManager(manager).setSampling(4, false);
    }

    @Test
    public void shouldReadImagesAndFineLabels() throws Exception {
        Cifar100 set = builder().build();
        Batch batch = set.getData(manager).iterator().next();
        Assert.assertEquals(set.size(), 5);
        Assert.assertEquals(batch.getLabels().head().toFloatArray(), new float[] {99, 98, 97, 96});
        Assert.assertEquals(batch.getData().head().getShape(), new Shape(4, 3, 32, 32));
        for (int[] at : new int[][] {{0, 0, 0, 1}, {1, 0, 31, 0}, {2, 1, 7, 9}, {3, 2, 31, 31}}) {
            Assert.assertEquals(
                    batch.getData().head().getFloat(at[0], at[1], at[2], at[3]),
                    value(at[0], at[1], at[2], at[3]) / 255f,
                    1e-6f);
        }
    }

    @Test
    public void shouldReadCoarseLabelsOfTheTestSet() throws Exception {
        Cifar100 set = builder().optUsage(Usage.TEST).optCoarse(true).build();
        Batch batch = set.getData(manager).iterator().next();
        Assert.assertEquals(batch.getLabels().head().toFloatArray(), new float[] {0, 1, 2});
    }

    @Test
    public void shouldDealItLikeAnyOtherSet() throws Exception {
        Shard shard = ToySet.shard(builder().build(), "full", 0, 1, 1);
        float[] seen = new float[5];
        for (Batch batch : shard.getData(manager)) {
            for (float label : batch.getLabels().head().toFloatArray()) {
                seen[99 - (int) label]++;
            }
            batch.close();
        }
        Assert.assertEquals(seen, new float[] {1, 1, 1, 1, 1});
    }

    @Test
    public void shouldRefuseWhatIsNotCifar100() throws Exception {
        Files.write(folder.resolve("train.bin"), new byte[RECORD + 1]);
        refuses("3075 bytes are not records of 3074");
        byte[] damaged = records(2);
        damaged[RECORD + 1] = 100;
        Files.write(folder.resolve("train.bin"), damaged);
        refuses("record 1 has the labels 1 and 100");
        damaged[RECORD] = (byte) 0x80;
        Files.write(folder.resolve("train.bin"), damaged);
        refuses("record 1 has the labels 128 and 100");
    }

    private void refuses(String part) {
        IOException e = Assert.expectThrows(IOException.class, () -> builder().build().prepare());
        Assert.assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    public void shouldNeedAFolder() {
        Assert.assertThrows(
                IllegalStateException.class,
                () -> Cifar100.builder().setSampling(1, false).build());
        Assert.assertThrows(
                IllegalArgumentException.class, () -> builder().optUsage(Usage.VALIDATION));
    }
}
