package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.List;
import java.util.regex.Pattern;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

/** Ranks that end before others. */
public class MpiLeaveTest {

    @DataProvider
    public Object[][] ways() {
        return new Object[][] {
            {"early", MpiJob.Means.SHARED_MEMORY},
            {"open", MpiJob.Means.SHARED_MEMORY},
            {"open", MpiJob.Means.MESSAGES}
        };
    }

    @Test(dataProvider = "ways")
    public void shouldLetARankLeaveThatHasMadeItsCalls(String way, MpiJob.Means means)
            throws Exception {
        String text = MpiJob.run(means, 3, MpiLeaveMain.class, way);
        assertEquals(text.split("has its message", -1).length - 1, 2, text);
    }

    @DataProvider
    public Object[][] phases() {
        String stopped = " has not ended within 5 s: rank 1 is stopped";
        String silent = ".*rank 1 does not answer.*";
        return new Object[][] {
            {"init", "MPI_Init" + stopped},
            {"window", "the making of shared memory" + stopped},
            {"connect", silent},
            {"end", "the end of all ranks was waited for" + silent},
            {"finalize", "MPI_Finalize" + stopped}
        };
    }

    /** A suspended process, or a host that hangs. */
    @Test(dataProvider = "phases")
    public void shouldEndWithARankThatIsStoppedInAnyPhase(String phase, String last)
            throws Exception {
        try (MpiJob job = start(phase, 5)) {
            assertNotEquals(job.end(60), 0, job.text());
            String line = "parle: rank 0 of 2 ends the job: .*" + last;
            assertTrue(Pattern.compile(line).matcher(job.text()).find(), job.text());
        }
    }

    @Test
    public void shouldRefuseAnMpiForOneThreadOnly() throws Exception {
        try (MpiJob job = start("level", 30)) {
            assertNotEquals(job.end(60), 0, job.text());
            assertTrue(job.text().contains("initialised with THREAD_SINGLE"), job.text());
        }
    }

    /** A scheduler's suspend: whoever wakes up first gives the others time to do so, too. */
    @Test
    public void shouldGoOnAfterAllWereStopped() throws Exception {
        try (MpiJob job = start("suspended", 30, 6)) {
            job.until(text -> text.split("has pid", -1).length - 1 == 2, 60);
            // so that rank 0 is amid its wait
            Thread.sleep(1500);
            MpiJob.signal("STOP", job.rank(1));
            MpiJob.signal("STOP", job.rank(0));
            Thread.sleep(9000);
            MpiJob.signal("CONT", job.rank(0));
            Thread.sleep(1000);
            MpiJob.signal("CONT", job.rank(1));
            assertEquals(job.end(60), 0, job.text());
            assertEquals(job.text().split("has gone on", -1).length - 1, 2, job.text());
        }
    }

    private static MpiJob start(String what, int seconds) throws Exception {
        return start(what, seconds, seconds);
    }

    private static MpiJob start(String what, int connect, int silence) throws Exception {
        List<String> options =
                List.of(
                        "-Dparle.mpi.connect.seconds=" + connect,
                        "-Dparle.mpi.silence.seconds=" + silence);
        return MpiJob.start(options, MpiJob.Means.SHARED_MEMORY, 2, MpiLeaveMain.class, what);
    }
}
