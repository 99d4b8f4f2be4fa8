package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.Test;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;

/** A scheduler's cancel: SIGTERM to all ranks at once, at random moments. */
public class MpiSignalTest {

    private static final int JOBS = 20;
    private static final int TERMINATED = 143;

    @Test
    public void shouldNotCrashInNativeCode() throws Exception {
        Random random = new Random(16);
        MpiJob.Means[] means = MpiJob.Means.values();
        for (int i = 0; i < JOBS; i++) {
            try (MpiJob job = MpiJob.start(means[i % 2], 2, MpiSignalMain.class)) {
                job.until(text -> text.split("has pid \\d+\n", -1).length - 1 == 2, 120);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                String pids = job.rank(0).pid() + " " + job.rank(1).pid();
                String kill = "kill -TERM " + pids;
                assertEquals(new ProcessBuilder("sh", "-c", kill).start().waitFor(), 0);
                assertEquals(job.end(60), TERMINATED, job.text());
                assertFalse(job.text().contains("SIGSEGV"), job.text());
                assertFalse(job.text().contains("fatal error"), job.text());
            }
        }
    }
}
