package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;

import org.parle.djl.random.RandomStream;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Random crops and flips, against the same done pixel by pixel. */
public class AugmentationTest extends WithManager {

    private static final int HEIGHT = 9;

    /** More than 8: two cuts of a narrower image that is reflected can be the same. */
    private static final int WIDTH = 10;

    @DataProvider
    public Object[][] ways() {
        return new Object[][] {{"zeros"}, {"reflect"}};
    }

    private NDArray images(int count) {
        int size = count * 2 * HEIGHT * WIDTH;
        return manager.arange(1f, size + 1f).reshape(count, 2, HEIGHT, WIDTH);
    }

    @Test(dataProvider = "ways")
    public void shouldCutEachImageAtOneOfAllPlaces(String way) {
        int count = 600;
        NDArray images = images(count);
        NDArray result = Augmentation.parse(way).of(images, new RandomStream(3));
        Assert.assertEquals(result.getShape(), images.getShape());
        float[] before = images.toFloatArray();
        float[] after = result.toFloatArray();
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < count; i++) {
            places.add(place(way, before, after, i));
        }
        // 9 by 9 places, flipped or not: 600 draws miss 162·e^(−600/162) = 4 of them in the mean
        Assert.assertTrue(places.size() > 145 && places.size() <= 162, places.size() + " places");
    }

    /** Finds how image i was cut; both channels alike. */
    private static int place(String way, float[] before, float[] after, int i) {
        int size = 2 * HEIGHT * WIDTH;
        float[] wanted = Arrays.copyOfRange(after, i * size, (i + 1) * size);
        float[] cut = new float[size];
        for (int place = 0; place < 162; place++) {
            for (int at = 0; at < size; at++) {
                int channel = at / (HEIGHT * WIDTH);
                int x = at % WIDTH;
                int fromX = (place >= 81 ? WIDTH - 1 - x : x) + place % 9 - 4;
                int fromY = at / WIDTH % HEIGHT + place % 81 / 9 - 4;
                boolean inside = fromX >= 0 && fromX < WIDTH && fromY >= 0 && fromY < HEIGHT;
                if (way.equals("reflect")) {
                    fromX = reflected(fromX, WIDTH);
                    fromY = reflected(fromY, HEIGHT);
                    inside = true;
                }
                cut[at] =
                        inside ? before[i * size + (channel * HEIGHT + fromY) * WIDTH + fromX] : 0;
            }
            if (Arrays.equals(cut, wanted)) {
                return place;
            }
        }
        throw new AssertionError("image " + i + " was not cut: " + Arrays.toString(wanted));
    }

    private static int reflected(int at, int size) {
        return at < 0 ? -1 - at : Math.min(at, 2 * size - 1 - at);
    }

    private Shard shard(int rank, Augmentation augmentation) throws Exception {
        ArrayDataset set =
                new ArrayDataset.Builder()
                        .setData(images(20))
                        .optLabels(manager.arange(20f))
                        .setSampling(8, false)
                        .build();
        return Shard.builder()
                .setDataset(set)
                .setReplica(rank, 2)
                .optSharding(Sharding.full())
                .optAugmentation(augmentation)
                .optSeed(7)
                .build();
    }

    private List<float[]> epoch(Shard shard) throws Exception {
        List<float[]> all = new ArrayList<>();
        for (Batch batch : shard.getData(manager)) {
            all.add(batch.getData().head().toFloatArray());
            batch.close();
        }
        return all;
    }

    private static void assertSame(List<float[]> one, List<float[]> other, boolean same) {
        Assert.assertEquals(
                Arrays.deepEquals(one.toArray(), other.toArray()), same, "the same batches");
    }

    @Test
    public void shouldDrawAFunctionOfSeedRankAndEpoch() throws Exception {
        Shard shard = shard(0, Augmentation.zeros());
        List<float[]> first = epoch(shard);
        assertSame(first, epoch(shard(0, Augmentation.zeros())), true);
        assertSame(first, epoch(shard), false);
        assertSame(first, epoch(shard(1, Augmentation.zeros())), false);
        assertSame(first, epoch(shard(0, Augmentation.none())), false);
        shard.setEpoch(0);
        assertSame(first, epoch(shard), true);
    }

    @Test
    public void shouldGoOnWithTheSameDraws() throws Exception {
        List<float[]> whole = epoch(shard(0, Augmentation.reflect()));
        Shard rest = shard(0, Augmentation.reflect());
        rest.setPosition(new ShardPosition(0, 1));
        assertSame(whole.subList(1, whole.size()), epoch(rest), true);
    }

    @Test
    public void shouldKeepLabelsAndSplitOverDevices() throws Exception {
        Iterator<Batch> plain = shard(0, Augmentation.none()).getData(manager).iterator();
        Iterator<Batch> cut = shard(0, Augmentation.zeros()).getData(manager).iterator();
        Batch batch = cut.next();
        float[] labels = plain.next().getLabels().head().toFloatArray();
        Assert.assertEquals(batch.getLabels().head().toFloatArray(), labels);
        Batch[] split = batch.split(new Device[] {Device.cpu(), Device.cpu()}, false);
        Assert.assertEquals(split[1].getData().head().getShape(), new Shape(4, 2, HEIGHT, WIDTH));
        Assert.assertEquals(split[1].getProgressTotal(), 20);
    }

    @Test
    public void shouldSayWhatItIsFor() {
        NDArray flat = manager.ones(new Shape(4, 10));
        IllegalArgumentException e =
                Assert.expectThrows(
                        IllegalArgumentException.class,
                        () -> Augmentation.zeros().of(flat, new RandomStream(1)));
        Assert.assertTrue(e.getMessage().contains("(batch, channels, height, width)"));
        e = Assert.expectThrows(IllegalArgumentException.class, () -> Augmentation.parse("reflct"));
        Assert.assertTrue(e.getMessage().contains("\"reflect\""), e.getMessage());
    }
}
