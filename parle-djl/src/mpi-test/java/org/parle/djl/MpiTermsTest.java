package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Ranks of a real job that differ find out, and say in what; the rows of docs/mpi.md. */
public class MpiTermsTest {

    @DataProvider
    public Object[][] items() {
        return new Object[][] {
            {"options", "has options {momentum=0.5} where replica 0 has"},
            {"rate", "has learningRate at step 1 0.02 where replica 0 has 0.01"},
            {"schedule", " 0.01 where replica 0 has 0.001"},
            {"tracker", "has learning rate's tracker org.parle.djl.MpiTermsMain's lambda where"},
            {"seed", "has seed 2 where replica 0 has 1"},
            {"set", "full of 31 items, 8 batches of 4, seed 1 where replica 0 has full of 32"},
            {
                "batch size",
                "4 batches of 8, seed 1 where replica 0 has full of 32 items, 8 batches"
            },
            {"sharding", "has data 1 disjoint of 32 items"},
            {"augmentation", "augmented with"},
            {"transforms", "has transforms of data 1 Same where replica 0 has nothing"},
            {"own item", "has weather rain where replica 0 has sun"},
            {"checkpoints", "has steps between checkpoints absent where replica 0 has 1"},
            {"weights", "has vector weights after step 8"}
        };
    }

    @Test(dataProvider = "items")
    public void shouldNameWhatDiffers(String item, String message) throws Exception {
        try (MpiJob job = job(item)) {
            Assert.assertNotEquals(job.end(120), 0, job.text());
            String text = job.text();
            Assert.assertTrue(text.contains("replicas differ: replica 1 "), text);
            Assert.assertTrue(text.contains(message), text);
            Assert.assertFalse(text.contains("trained on"), text);
        }
    }

    private static MpiJob job(String item) throws Exception {
        Path folder = Files.createTempDirectory("terms");
        return MpiJob.start(2, MpiTermsMain.class, item, folder);
    }

    @Test
    public void shouldTrainOnSetsOfTheirOwn() throws Exception {
        try (MpiJob job = job("own sets")) {
            Assert.assertEquals(job.end(120), 0, job.text());
        }
    }

    /** Rounding of other processors is no fault: all go on from rank 0's. */
    @Test
    public void shouldTakeRankZerosValuesOnOtherProcessors() throws Exception {
        try (MpiJob job = job("processor")) {
            Assert.assertEquals(job.end(120), 0, job.text());
            Assert.assertTrue(job.text().contains("replicas compute on"), job.text());
            List<String> bits = job.text().lines().filter(l -> l.startsWith("bits")).toList();
            Assert.assertEquals(bits.size(), 2, job.text());
            Assert.assertEquals(bits.get(0), bits.get(1));
        }
    }
}
