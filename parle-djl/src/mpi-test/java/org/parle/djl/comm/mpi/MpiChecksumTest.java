package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.regex.Pattern;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

/** A byte that is wrong ends the job, and checksums count as sent. */
public class MpiChecksumTest {

    @DataProvider
    public Object[][] calls() {
        String mean = "all-reduce of 1000 floats";
        return new Object[][] {
            {"exchange", "exchange"},
            {"values", mean},
            {"means", mean},
            {"broadcast", "broadcast of 1000 floats from rank 1"},
            // the vector of a call under way, which its owner goes on to write to
            {"twice", "all-reduce of 1000000 floats"}
        };
    }

    @Test(dataProvider = "calls")
    public void shouldNoticeAByteThatIsWrong(String what, String title) throws Exception {
        try (MpiJob job = MpiJob.start(Means.MESSAGES, 2, MpiChecksumMain.class, what)) {
            assertNotEquals(job.end(120), 0, job.text());
            String line = "ends the job: .*" + title + ": what rank 1 sent came with another";
            assertTrue(Pattern.compile(line).matcher(job.text()).find(), job.text());
        }
    }

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {{2, Means.SHARED_MEMORY}, {3, Means.MESSAGES}};
    }

    @Test(dataProvider = "jobs")
    public void shouldCountChecksumsAsSent(int processes, Means means) throws Exception {
        String text = MpiJob.run(means, processes, MpiChecksumMain.class, "bytes");
        assertEquals(text.split("counted", -1).length - 1, processes, text);
    }
}
