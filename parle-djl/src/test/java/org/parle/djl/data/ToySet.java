package org.parle.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;

import java.util.ArrayList;
import java.util.List;

/** Small data sets for tests: item i is the number i, its label is i mod the number of classes. */
final class ToySet {

    private ToySet() {}

    static ArrayDataset of(NDManager manager, int items, int classes, int batchSize) {
        NDArray data = manager.arange(items).toType(DataType.FLOAT32, false);
        return new ArrayDataset.Builder()
                .setData(data)
                .optLabels(data.mod(classes))
                .setSampling(batchSize, true)
                .build();
    }

    static Shard shard(RandomAccessDataset set, String sharding, int rank, int size, long seed)
            throws Exception {
        return Shard.builder()
                .setDataset(set)
                .optSharding(Sharding.parse(sharding))
                .setReplica(rank, size)
                .optSeed(seed)
                .build();
    }

    /** Returns the items of each batch of the next epoch, as read from the data. */
    static List<List<Integer>> epoch(Dataset set, NDManager manager) throws Exception {
        List<List<Integer>> batches = new ArrayList<>();
        for (Batch batch : set.getData(manager)) {
            List<Integer> items = new ArrayList<>();
            for (float item : batch.getData().head().toFloatArray()) {
                items.add((int) item);
            }
            batches.add(items);
            batch.close();
        }
        return batches;
    }

    static List<Integer> items(Dataset set, NDManager manager) throws Exception {
        List<Integer> all = new ArrayList<>();
        epoch(set, manager).forEach(all::addAll);
        return all;
    }
}
