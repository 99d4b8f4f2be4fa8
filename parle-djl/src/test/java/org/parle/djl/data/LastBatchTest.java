package org.parle.djl.data;

import ai.djl.training.dataset.ArrayDataset;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** No batch is a single item, unless all are. */
public class LastBatchTest extends WithManager {

    @DataProvider
    public Object[][] sizes() {
        return new Object[][] {
            {257, 128, List.of(128, 65, 64)},
            {258, 128, List.of(128, 128, 2)},
            {129, 128, List.of(65, 64)},
            {4, 3, List.of(2, 2)},
            {5, 2, List.of(2, 2, 2)},
            {1, 16, List.of(16)},
            {3, 1, List.of(1, 1, 1)},
        };
    }

    @Test(dataProvider = "sizes")
    public void shouldNotBeASingleItem(int items, int batchSize, List<Integer> sizes)
            throws Exception {
        Shard shard = ToySet.shard(ToySet.of(manager, items, 10, batchSize), "reshuffled", 0, 1, 5);
        Assert.assertEquals(shard.stepsPerEpoch(), sizes.size());
        for (int epoch = 0; epoch < 2; epoch++) {
            List<List<Integer>> batches = ToySet.epoch(shard, manager);
            Assert.assertEquals(batches.stream().map(List::size).toList(), sizes);
            List<Integer> all = batches.stream().flatMap(List::stream).distinct().toList();
            Assert.assertEquals(all.size(), items, "each item is seen");
        }
    }

    /** Checkpoints are compared with the text of older ones. */
    @Test
    public void shouldCountOneItemAsOne() throws Exception {
        Shard shard = ToySet.shard(ToySet.of(manager, 1, 10, 16), "full", 0, 1, 5);
        Assert.assertEquals(shard.toString(), "full of 1 item, 1 batch of 16, seed 5");
        Assert.assertEquals(ShardTerms.saved(shard), "full of 1 items, 1 batches of 16, seed 5");
    }

    /** Each has a last batch of its own. */
    @Test
    public void shouldNotBeASingleItemOfAnyReplica() throws Exception {
        ArrayDataset set = ToySet.of(manager, 3 * 33 - 1, 10, 16);
        List<Integer> all = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            Shard shard = ToySet.shard(set, "disjoint", rank, 3, 5);
            List<List<Integer>> batches = ToySet.epoch(shard, manager);
            Assert.assertEquals(batches.size(), 3);
            Assert.assertTrue(batches.stream().noneMatch(batch -> batch.size() == 1));
            batches.forEach(all::addAll);
        }
        Assert.assertEquals(
                all.stream().distinct().sorted().toList(), IntStream.range(0, 98).boxed().toList());
    }

    @Test
    public void shouldGoOnBetweenTheTwoLastOnes() throws Exception {
        ArrayDataset set = ToySet.of(manager, 33, 10, 16);
        List<List<Integer>> batches = ToySet.epoch(ToySet.shard(set, "full", 0, 1, 5), manager);
        for (int taken = 0; taken < 3; taken++) {
            Shard resumed = ToySet.shard(set, "full", 0, 1, 5);
            resumed.setPosition(new ShardPosition(0, taken));
            Assert.assertEquals(ToySet.epoch(resumed, manager), batches.subList(taken, 3));
        }
    }
}
