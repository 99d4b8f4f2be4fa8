package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;

/** The newest batches, of which batch norm's statistics are made again. */
public class TrainingInputsTest {

    @Test
    public void shouldKeepTheNewestWhoseBatchesAreClosed() {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager own = manager.newSubManager()) {
            TrainingInputs inputs = new TrainingInputs(2, own);
            for (int i = 0; i < 5; i++) {
                try (NDManager batch = manager.newSubManager()) {
                    inputs.add(new NDList(batch.create(new float[] {i}), batch.create(i)));
                }
            }
            List<Float> kept = new ArrayList<>();
            inputs.newest().forEach(input -> kept.add(input.head().toFloatArray()[0]));
            Assert.assertEquals(kept, List.of(3f, 4f));
            Assert.assertEquals(own.getManagedArrays().size(), 4);
        }
    }

    /** The memory is that of the batch. */
    @Test
    public void shouldCopyNothing() {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager own = manager.newSubManager()) {
            TrainingInputs inputs = new TrainingInputs(1, own);
            NDArray input = manager.zeros(new Shape(2));
            inputs.add(new NDList(input));
            input.addi(1);
            Assert.assertEquals(
                    inputs.newest().iterator().next().head().toFloatArray(), new float[] {1, 1});
        }
    }
}
