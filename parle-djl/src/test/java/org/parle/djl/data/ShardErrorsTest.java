package org.parle.djl.data;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Iterator;
import java.util.List;

public class ShardErrorsTest extends WithManager {

    @DataProvider
    public Object[][] tooFew() {
        return new Object[][] {{"disjoint"}, {"reshuffled"}, {"sorted"}, {"dirichlet=1"}};
    }

    @Test(
            dataProvider = "tooFew",
            expectedExceptions = IllegalArgumentException.class,
            expectedExceptionsMessageRegExp = ".* cannot deal 5 items to 6 replicas: .*")
    public void shouldRefuseMoreReplicasThanItems(String sharding) throws Exception {
        ToySet.shard(ToySet.of(manager, 5, 2, 4), sharding, 0, 6, 0);
    }

    @Test(
            expectedExceptions = IllegalArgumentException.class,
            expectedExceptionsMessageRegExp =
                    "the sharding fraction=0.01 leaves nothing of 5 items")
    public void shouldRefuseAnEmptyFraction() throws Exception {
        ToySet.shard(ToySet.of(manager, 5, 2, 4), "fraction=0.01", 0, 2, 0);
    }

    @Test
    public void shouldRefuseAnEmptyPartOnEveryReplica() {
        for (int rank = 0; rank < 4; rank++) {
            int r = rank;
            IllegalArgumentException e =
                    Assert.expectThrows(
                            IllegalArgumentException.class,
                            () ->
                                    ToySet.shard(
                                            ToySet.of(manager, 40, 2, 4),
                                            "dirichlet=0.001",
                                            r,
                                            4,
                                            0));
            Assert.assertTrue(e.getMessage().contains("of 4 without any of"), e.getMessage());
        }
    }

    @Test(
            expectedExceptions = IllegalArgumentException.class,
            expectedExceptionsMessageRegExp = ".*got labels of the shape \\(8, 3\\) for 8 items")
    public void shouldRefuseLabelsThatAreNotOneNumber() throws Exception {
        ArrayDataset set =
                new ArrayDataset.Builder()
                        .setData(manager.zeros(new Shape(8)))
                        .optLabels(manager.zeros(new Shape(8, 3)))
                        .setSampling(4, true)
                        .build();
        ToySet.shard(set, "sorted", 0, 2, 0);
    }

    @Test(
            expectedExceptions = IllegalArgumentException.class,
            expectedExceptionsMessageRegExp = ".*got no labels for 8 items")
    public void shouldRefuseAMissingLabel() throws Exception {
        ArrayDataset set =
                new ArrayDataset.Builder()
                        .setData(manager.zeros(new Shape(8)))
                        .setSampling(4, true)
                        .build();
        ToySet.shard(set, "sorted", 0, 2, 0);
    }

    @Test
    public void shouldAskForABatchSizeWhereTheSetHasNone() throws Exception {
        Sampler sampler =
                new Sampler() {
                    @Override
                    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
                        return List.of(List.of(0L)).iterator();
                    }

                    @Override
                    public int getBatchSize() {
                        return -1;
                    }
                };
        ArrayDataset set =
                new ArrayDataset.Builder()
                        .setData(manager.zeros(new Shape(8)))
                        .setSampling(sampler)
                        .build();
        Shard.Builder builder = Shard.builder().setDataset(set).setReplica(0, 1);
        IllegalArgumentException e =
                Assert.expectThrows(IllegalArgumentException.class, builder::build);
        Assert.assertTrue(e.getMessage().contains("optBatchSize"), e.getMessage());
        Assert.assertEquals(builder.optBatchSize(3).build().stepsPerEpoch(), 3);
    }

    @Test
    public void shouldRefuseARankThatIsNotThere() {
        for (int[] bad : new int[][] {{-1, 2}, {2, 2}, {0, 0}}) {
            Assert.assertThrows(
                    IllegalArgumentException.class,
                    () -> Shard.builder().setReplica(bad[0], bad[1]));
        }
    }

    @Test(
            expectedExceptions = IllegalStateException.class,
            expectedExceptionsMessageRegExp = ".*call setReplica")
    public void shouldAskWhoseShardItIs() throws Exception {
        Shard.builder().setDataset(ToySet.of(manager, 5, 2, 4)).build();
    }
}
