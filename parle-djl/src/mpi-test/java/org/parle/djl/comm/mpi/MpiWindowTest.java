package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.regex.Pattern;

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
    public void shouldSendMessagesWhereMpiHasNoWindows() throws Exception {
        String text = MpiJob.run(MpiJob.Means.MESSAGES, 2, MpiWindowMain.class, "messages");
        assertEquals(text.split("sent", -1).length - 1, 2, text);
    }

    @Test
    public void shouldGetALaneBackFromSeveralReplicasInAProcess() throws Exception {
        String text = MpiJob.run(2, MpiWindowMain.class, "replicas");
        assertEquals(text.split("got back", -1).length - 1, 2, text);
    }

    @DataProvider
    public Object[][] means() {
        return new Object[][] {{MpiJob.Means.SHARED_MEMORY}, {MpiJob.Means.MESSAGES}};
    }

    @Test(dataProvider = "means")
    public void shouldEndWhatWasNeverAwaited(MpiJob.Means means) throws Exception {
        String text = MpiJob.run(means, 2, MpiWindowMain.class, "closed");
        assertTrue(text.contains("rank 1 has the mean"), text);
    }

    @Test(dataProvider = "means")
    public void shouldGoOnWithoutAnInterruptedThread(MpiJob.Means means) throws Exception {
        String text = MpiJob.run(means, 2, MpiWindowMain.class, "interrupted");
        assertTrue(text.contains("rank 1 has the mean"), text);
    }

    @DataProvider
    public Object[][] lengths() {
        return new Object[][] {
            {8, 7, MpiJob.Means.SHARED_MEMORY, "lengths"},
            {5, 0, MpiJob.Means.SHARED_MEMORY, "lengths"},
            {3_000_000, 7, MpiJob.Means.MESSAGES, "lengths"}
        };
    }

    @Test(dataProvider = "lengths")
    public void shouldSayWhoseVectorHasAnotherLength(
            int first, int second, MpiJob.Means means, String what) throws Exception {
        try (MpiJob job = MpiJob.start(means, 2, MpiWindowMain.class, what, first, second)) {
            assertNotEquals(job.end(60), 0, job.text());
            String regex =
                    String.format(
                            "rank 1 called all-reduce of %2$d floats where rank 0 called"
                                    + " all-reduce of %1$d floats|rank 0 called all-reduce of %1$d"
                                    + " floats where rank 1 called all-reduce of %2$d floats",
                            first, second);
            assertTrue(Pattern.compile(regex).matcher(job.text()).find(), job.text());
        }
    }

    /** In messages such calls wait for one another, until the time is up. */
    @Test
    public void shouldNotMixCallsOfOneLength() throws Exception {
        try (MpiJob job = MpiJob.start(3, MpiWindowMain.class, "numbers")) {
            job.end(60);
            assertEquals(job.text().split("has refused", -1).length - 1, 3, job.text());
        }
    }

    /** Both ranks refuse, before anything has moved. */
    @Test(dataProvider = "means")
    public void shouldCompareLengthsBeforeAnythingMoves(MpiJob.Means means) throws Exception {
        try (MpiJob job = MpiJob.start(means, 3, MpiWindowMain.class, "different")) {
            job.end(60);
            assertEquals(job.text().split("has refused", -1).length - 1, 3, job.text());
        }
    }
}
