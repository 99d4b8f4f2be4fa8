package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

/** Means through the memory that the processes of a host share. */
public class MpiWindowTest {

    @DataProvider
    public Object[][] processes() {
        return new Object[][] {{2}, {3}, {5}};
    }

    @Test(dataProvider = "processes")
    public void shouldGiveCommunicatorsLanesAndOthersMessages(int processes) throws Exception {
        String text = MpiJob.run(processes, MpiWindowMain.class, "lanes");
        assertEquals(text.split("took turns", -1).length - 1, processes, text);
    }

    @Test(dataProvider = "processes")
    public void shouldKeepManyBlocksInFlightApart(int processes) throws Exception {
        String text = MpiJob.run(processes, MpiWindowMain.class, "flight");
        assertEquals(text.split("landed", -1).length - 1, processes, text);
    }

    @Test
    public void shouldSayWhoseVectorHasAnotherLength() throws Exception {
        try (MpiJob job = MpiJob.start(2, MpiWindowMain.class, "lengths")) {
            assertNotEquals(job.end(60), 0, job.text());
            assertTrue(
                    job.text().contains("rank 1 averages a vector of 7 floats, rank 0 one of 8")
                            || job.text()
                                    .contains("rank 0 averages a vector of 8 floats, rank 1 one of 7"),
                    job.text());
        }
    }
}
