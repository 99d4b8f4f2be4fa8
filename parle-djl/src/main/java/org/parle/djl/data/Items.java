package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import org.parle.djl.vector.DeviceDoor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What all shards of one data set share: its count, and its labels once somebody needs them. The
 * first shard prepares the set, the others wait. Thread-safe.
 */
final class Items {

    private static final Map<RandomAccessDataset, Shared> SHARED =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final RandomAccessDataset set;
    private final Shared shared;
    private final int count;

    private Items(RandomAccessDataset set, Shared shared, int count) {
        this.set = set;
        this.shared = shared;
        this.count = count;
    }

    /** Prepares the set and counts its items. */
    static Items of(RandomAccessDataset set) throws IOException, TranslateException {
        Shared shared = SHARED.computeIfAbsent(set, s -> new Shared());
        synchronized (shared) {
            set.prepare();
            long count = set.size();
            if (count < 1 || count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "A shard needs a data set of 1 to 2^31 - 1 items, got " + count);
            }
            return new Items(set, shared, (int) count);
        }
    }

    int count() {
        return count;
    }

    /** Returns the items sorted by label; the first call for a data set reads all of it once. */
    ByLabel byLabel() throws IOException, TranslateException {
        synchronized (shared) {
            if (shared.byLabel == null) {
                shared.byLabel = new ByLabel(readLabels());
            }
            return shared.byLabel;
        }
    }

    private double[] readLabels() throws IOException, TranslateException {
        double[] labels = new double[count];
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            int position = count;
            for (Batch batch : set.getData(manager, new BackwardSampler(count))) {
                NDArray array = batch.getLabels().isEmpty() ? null : batch.getLabels().head();
                if (array == null || array.size() != batch.getSize()) {
                    throw new IllegalArgumentException(
                            "Sharding by label needs one number as label of an item, got "
                                    + (array == null ? "no labels" : "labels of the shape ")
                                    + (array == null ? "" : array.getShape())
                                    + " for "
                                    + batch.getSize()
                                    + " items");
                }
                try (NDArray doubles = array.toType(DataType.FLOAT64, false)) {
                    int bytes = Math.toIntExact(doubles.size() * Double.BYTES);
                    ByteBuffer read = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
                    DeviceDoor.read(doubles, 0, read);
                    for (int i = 0; i < bytes; i += Double.BYTES) {
                        labels[--position] = read.getDouble(i);
                    }
                }
                batch.close();
            }
        }
        return labels;
    }

    /** Holds no reference to the set, or it would never be collected. */
    private static final class Shared {

        private ByLabel byLabel;
    }
}
