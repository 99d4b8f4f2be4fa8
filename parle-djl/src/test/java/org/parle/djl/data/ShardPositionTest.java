package org.parle.djl.data;

import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;

import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A shard goes on where another stood. */
public class ShardPositionTest extends WithManager {

    private ArrayDataset set;

    @BeforeMethod
    public void open() {
        set = ToySet.of(manager, 100, 10, 16);
    }

    @DataProvider
    public Object[][] shardings() {
        return new Object[][] {
            {"full"}, {"disjoint"}, {"reshuffled"}, {"fraction=0.5"}, {"dirichlet=0.3"}, {"sorted"}
        };
    }

    private Shard shard(String sharding) throws Exception {
        return ToySet.shard(set, sharding, 1, 3, 5);
    }

    /** Items, progress and total of one batch. */
    private static List<Object> content(Batch batch) {
        List<Object> content = new ArrayList<>();
        for (float item : batch.getData().head().toFloatArray()) {
            content.add(item);
        }
        content.add(batch.getProgress());
        content.add(batch.getProgressTotal());
        batch.close();
        return content;
    }

    @Test(dataProvider = "shardings")
    public void shouldGiveTheRestOfTheEpochAndTheNextOnes(String sharding) throws Exception {
        Shard whole = shard(sharding);
        List<ShardPosition> positions = new ArrayList<>();
        List<List<Object>> batches = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            for (Iterator<Batch> i = whole.getData(manager).iterator(); i.hasNext(); ) {
                positions.add(whole.position());
                batches.add(content(i.next()));
            }
        }
        Assert.assertEquals(positions.size(), 3 * whole.stepsPerEpoch());
        for (int from = 0; from < positions.size(); from++) {
            Shard resumed = shard(sharding);
            resumed.setPosition(positions.get(from));
            Assert.assertEquals(resumed.position(), positions.get(from));
            List<List<Object>> rest = new ArrayList<>();
            while (resumed.epoch() < 3) {
                for (Batch batch : resumed.getData(manager)) {
                    rest.add(content(batch));
                }
            }
            Assert.assertEquals(rest, batches.subList(from, batches.size()), "from " + from);
        }
    }

    @Test
    public void shouldStandBetweenEpochsAfterTheLastBatch() throws Exception {
        Shard shard = shard("full");
        ToySet.items(shard, manager);
        Assert.assertEquals(shard.position(), new ShardPosition(1, 0));
        shard.setPosition(new ShardPosition(3, shard.stepsPerEpoch()));
        Assert.assertEquals(shard.position(), new ShardPosition(4, 0));
    }

    @Test
    public void shouldRefuseMoreBatchesThanAnEpochHas() throws Exception {
        Shard shard = shard("full");
        IllegalArgumentException e =
                Assert.expectThrows(
                        IllegalArgumentException.class,
                        () -> shard.setPosition(new ShardPosition(0, 8)));
        Assert.assertTrue(e.getMessage().contains("7 batches, got 8"), e.getMessage());
    }
}
