package org.parle.djl;

import org.parle.djl.MpiJob.Means;
import org.testng.annotations.Test;

import java.nio.file.Files;

/** What is said of a run is said once by all processes together. */
public class MpiWarnedOnceTest {

    @Test
    public void shouldBeSaidOnceByThreeProcesses() throws Exception {
        WarnedOnceTest.assertOnce(
                MpiJob.run(
                        WarnedOnceTest.options(),
                        Means.SHARED_MEMORY,
                        WarnedOnceMain.REPLICAS,
                        WarnedOnceMain.class,
                        Files.createTempDirectory("checkpoints")));
    }
}
