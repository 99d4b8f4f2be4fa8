package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class ShardTest extends WithManager {

    @DataProvider
    public Object[][] shardings() {
        return new Object[][] {
            {"full"}, {"disjoint"}, {"reshuffled"}, {"fraction=0.5"}, {"dirichlet=0.3"}, {"sorted"}
        };
    }

    @DataProvider
    public Object[][] disjointOnes() {
        return new Object[][] {{"disjoint"}, {"reshuffled"}, {"dirichlet=0.3"}, {"sorted"}};
    }

    @Test(dataProvider = "disjointOnes")
    public void shouldDealEveryItemToOneReplica(String sharding) throws Exception {
        ArrayDataset set = ToySet.of(manager, 1003, 10, 16);
        for (long epoch = 0; epoch < 2; epoch++) {
            List<Integer> all = new ArrayList<>();
            for (int rank = 0; rank < 7; rank++) {
                all.addAll(part(ToySet.shard(set, sharding, rank, 7, 5), epoch));
            }
            all.sort(null);
            Assert.assertEquals(all, IntStream.range(0, 1003).boxed().toList());
        }
    }

    /** Reads batches until all of the part was seen, however many epochs that takes. */
    private List<Integer> part(Shard shard, long epoch) throws Exception {
        Set<Integer> seen = new HashSet<>();
        shard.setEpoch(epoch);
        int size = shard.size();
        do {
            seen.addAll(ToySet.items(shard, manager));
        } while (seen.size() < size);
        Assert.assertEquals(seen.size(), size);
        return new ArrayList<>(seen);
    }

    @Test(dataProvider = "shardings")
    public void shouldBeTheSameAgain(String sharding) throws Exception {
        ArrayDataset set = ToySet.of(manager, 200, 10, 16);
        Shard one = ToySet.shard(set, sharding, 1, 3, 5);
        Shard two = ToySet.shard(ToySet.of(manager, 200, 10, 16), sharding, 1, 3, 5);
        List<List<Integer>> first = ToySet.epoch(one, manager);
        Assert.assertEquals(ToySet.epoch(two, manager), first);
        List<List<Integer>> second = ToySet.epoch(one, manager);
        Assert.assertNotEquals(second, first);
        two.setEpoch(1);
        Assert.assertEquals(ToySet.epoch(two, manager), second);
        Assert.assertEquals(two.epoch(), 2);
        Assert.assertNotEquals(ToySet.epoch(ToySet.shard(set, sharding, 1, 3, 6), manager), first);
        Assert.assertNotEquals(ToySet.epoch(ToySet.shard(set, sharding, 2, 3, 5), manager), first);
    }

    @Test(dataProvider = "shardings")
    public void shouldTakeTheSameNumberOfStepsOnAllReplicas(String sharding) throws Exception {
        // 129 items: two parts of 64 and 65 at a batch size of 16 would be 4 and 5 batches
        ArrayDataset set = ToySet.of(manager, 129, 10, 16);
        for (int rank = 0; rank < 2; rank++) {
            Shard shard = ToySet.shard(set, sharding, rank, 2, 5);
            Assert.assertEquals(shard.stepsPerEpoch(), sharding.equals("full") ? 9 : 5);
            for (int epoch = 0; epoch < 3; epoch++) {
                Assert.assertEquals(ToySet.epoch(shard, manager).size(), shard.stepsPerEpoch());
            }
        }
    }

    @Test(dataProvider = "shardings")
    public void shouldCountProgressInItemsOfTheShard(String sharding) throws Exception {
        ArrayDataset set = ToySet.of(manager, 130, 10, 16);
        Shard shard = ToySet.shard(set, sharding, 0, 3, 5);
        long progress = 0;
        long total = 0;
        int first = 0;
        for (Batch batch : shard.getData(manager)) {
            first = first == 0 ? batch.getSize() : first;
            progress += batch.getSize();
            total = batch.getProgressTotal();
            Assert.assertEquals(batch.getProgress(), progress);
            Assert.assertEquals((total + first - 1) / first, shard.stepsPerEpoch());
            batch.close();
        }
        Assert.assertEquals(progress, total);
    }

    @Test
    public void shouldGiveTheWholeSetToEachReplicaWithADifferentOrder() throws Exception {
        ArrayDataset set = ToySet.of(manager, 100, 10, 16);
        List<List<Integer>> orders = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            Shard shard = ToySet.shard(set, "full", rank, 3, 0);
            for (int epoch = 0; epoch < 2; epoch++) {
                List<List<Integer>> batches = ToySet.epoch(shard, manager);
                Assert.assertEquals(batches.size(), 7);
                Assert.assertEquals(batches.get(6).size(), 4);
                List<Integer> order = batches.stream().flatMap(List::stream).toList();
                Assert.assertEquals(new HashSet<>(order).size(), 100);
                orders.add(order);
            }
        }
        Assert.assertEquals(new HashSet<>(orders).size(), 6);
    }

    @Test
    public void shouldGoOnInTheNextEpochWithoutFavouringAnItem() throws Exception {
        ArrayDataset set = ToySet.of(manager, 600, 10, 8);
        Set<Integer> sizes = new HashSet<>();
        for (int rank = 0; rank < 4; rank++) {
            Shard shard = ToySet.shard(set, "dirichlet=0.3", rank, 4, 1);
            sizes.add(shard.size());
            int[] counts = new int[600];
            for (int epoch = 0; epoch < 10; epoch++) {
                for (List<Integer> batch : ToySet.epoch(shard, manager)) {
                    batch.forEach(i -> counts[i]++);
                }
            }
            int[] seen = Arrays.stream(counts).filter(c -> c > 0).toArray();
            Assert.assertEquals(seen.length, shard.size());
            int spread = Arrays.stream(seen).max().orElse(0) - Arrays.stream(seen).min().orElse(0);
            Assert.assertTrue(spread <= 1, "visits differ by " + spread);
        }
        Assert.assertTrue(sizes.size() > 1, "parts of unequal size are what this test is about");
    }

    @Test
    public void shouldGiveAFractionThatStaysTheSame() throws Exception {
        ArrayDataset set = ToySet.of(manager, 1000, 10, 16);
        Shard shard = ToySet.shard(set, "fraction=0.25", 0, 3, 0);
        Set<Integer> items = new HashSet<>(ToySet.items(shard, manager));
        Assert.assertEquals(items.size(), 250);
        Assert.assertEquals(shard.stepsPerEpoch(), 16);
        Assert.assertEquals(new HashSet<>(ToySet.items(shard, manager)), items);
        items.retainAll(ToySet.items(ToySet.shard(set, "fraction=0.25", 1, 3, 0), manager));
        Assert.assertEquals(items.size(), 62.5, 30, "independent parts overlap by a quarter");
    }

    @Test
    public void shouldKeepPartsOrDealThemAnewAsAsked() throws Exception {
        ArrayDataset set = ToySet.of(manager, 100, 10, 25);
        for (String sharding : List.of("disjoint", "reshuffled")) {
            Shard shard = ToySet.shard(set, sharding, 0, 4, 0);
            Set<Integer> first = new HashSet<>(ToySet.items(shard, manager));
            Set<Integer> second = new HashSet<>(ToySet.items(shard, manager));
            Assert.assertEquals(first.equals(second), sharding.equals("disjoint"));
        }
    }

    @Test
    public void shouldGiveFewLabelsWhenSorted() throws Exception {
        ArrayDataset set = ToySet.of(manager, 1000, 10, 16);
        for (int rank = 0; rank < 5; rank++) {
            Assert.assertEquals(
                    labels(ToySet.shard(set, "sorted", rank, 5, 0)),
                    Set.of(2 * rank, 2 * rank + 1));
        }
    }

    private Set<Integer> labels(Shard shard) throws Exception {
        return ToySet.items(shard, manager).stream().map(i -> i % 10).collect(Collectors.toSet());
    }

    @Test
    public void shouldSkewLabelsByAlpha() throws Exception {
        ArrayDataset set = ToySet.of(manager, 10_000, 10, 16);
        Assert.assertEquals(largestShareOfAClass(set, "dirichlet=1000", 5), .2, .03);
        Assert.assertTrue(largestShareOfAClass(set, "dirichlet=0.1", 5) > .6);
        // so small an alpha that the gamma numbers themselves are 0 in double
        Assert.assertEquals(largestShareOfAClass(set, "dirichlet=1e-5", 2), 1, .001);
    }

    /** Returns the mean over classes of the largest share that a replica has. */
    private double largestShareOfAClass(ArrayDataset set, String sharding, int replicas)
            throws Exception {
        int[][] counts = new int[10][replicas];
        for (int rank = 0; rank < replicas; rank++) {
            for (int item : part(ToySet.shard(set, sharding, rank, replicas, 11), 0)) {
                counts[item % 10][rank]++;
            }
        }
        return Arrays.stream(counts)
                .mapToDouble(c -> Arrays.stream(c).max().orElse(0) / 1000.)
                .average()
                .orElse(0);
    }

    @Test
    public void shouldReadTheLabelsOfARandomSplitAsItsItemsAre() throws Exception {
        RandomAccessDataset half = ToySet.of(manager, 1000, 2, 10).randomSplit(1, 1)[0];
        List<Integer> items = ToySet.items(ToySet.shard(half, "sorted", 0, 5, 0), manager);
        Assert.assertEquals(items.stream().filter(i -> i % 2 == 1).count(), 0);
    }

    @Test
    public void shouldSplitBatchesOverDevicesAsTheSetDoes() throws Exception {
        Shard shard = ToySet.shard(ToySet.of(manager, 100, 10, 16), "full", 0, 2, 0);
        try (Batch batch = shard.getData(manager).iterator().next()) {
            Batch[] split = batch.split(new Device[] {Device.cpu(), Device.cpu()}, false);
            Assert.assertEquals(split.length, 2);
            Assert.assertEquals(split[1].getSize(), 8);
            Assert.assertEquals(split[1].getData().head().size(), 8);
            Assert.assertEquals(split[1].getProgressTotal(), 100);
        }
    }

    @Test
    public void shouldGiveTheSameBatchesWithAnExecutor() throws Exception {
        ArrayDataset set = ToySet.of(manager, 100, 10, 16);
        List<List<Integer>> plain = ToySet.epoch(ToySet.shard(set, "disjoint", 0, 2, 0), manager);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            List<List<Integer>> prefetched = new ArrayList<>();
            Shard shard = ToySet.shard(set, "disjoint", 0, 2, 0);
            for (Batch batch : shard.getData(manager, executor)) {
                List<Integer> items = new ArrayList<>();
                for (float item : batch.getData().head().toFloatArray()) {
                    items.add((int) item);
                }
                prefetched.add(items);
                batch.close();
            }
            Assert.assertEquals(prefetched, plain);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    public void shouldServeManyReplicasOnThreads() throws Exception {
        ArrayDataset set = ToySet.of(manager, 2000, 10, 4);
        int[] visits = new int[2000];
        IntStream.range(0, 500)
                .parallel()
                .forEach(
                        rank -> {
                            try {
                                Shard shard = ToySet.shard(set, "sorted", rank, 500, 0);
                                for (int item : ToySet.items(shard, manager)) {
                                    visits[item]++;
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Assert.assertEquals(visits, IntStream.generate(() -> 1).limit(2000).toArray());
    }
}
