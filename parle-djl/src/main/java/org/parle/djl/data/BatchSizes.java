package org.parle.djl.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;

import java.lang.reflect.Field;

/** Finds the batch size that a data set was built with. */
final class BatchSizes {

    private BatchSizes() {}

    /** Returns the batch size of the set's sampler. */
    static int of(RandomAccessDataset set) {
        Sampler sampler;
        try {
            // protected, so part of DJL's API, but only for subclasses
            Field field = RandomAccessDataset.class.getDeclaredField("sampler");
            field.setAccessible(true);
            sampler = (Sampler) field.get(set);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "The batch size of the data set cannot be read; name it with optBatchSize", e);
        }
        int size = sampler == null ? -1 : sampler.getBatchSize();
        if (size < 1) {
            throw new IllegalArgumentException(
                    "The data set's sampler has no fixed batch size; name one with optBatchSize");
        }
        return size;
    }
}
