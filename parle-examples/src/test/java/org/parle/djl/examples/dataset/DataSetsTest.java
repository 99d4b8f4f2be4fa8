package org.parle.djl.examples.dataset;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;

import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data sets lie in native memory, which a comparison's next run needs. */
public class DataSetsTest {

    private static final Path SETS = Path.of("../../shared/data");

    @DataProvider
    public Object[][] sets() {
        return new Object[][] {
            {"digits", null}, {"mnist", SETS}, {"fashion-mnist", SETS}, {"cifar10", SETS}
        };
    }

    @Test(dataProvider = "sets")
    public void shouldLetGoOfWhatWasLoaded(String name, Path folder) throws Exception {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new SkipException(name + " is not in " + folder.toAbsolutePath().normalize());
        }
        RandomAccessDataset loaded;
        try (NDManager manager = NDManager.newBaseManager()) {
            try (DataSets sets = new DataSets()) {
                loaded = sets.load(name, folder, Usage.TEST, 10, 100);
                Assert.assertEquals(loaded.getData(manager).iterator().next().getSize(), 10);
            }
            Assert.assertThrows(
                    IllegalStateException.class, () -> loaded.getData(manager).iterator().next());
        }
    }
}
