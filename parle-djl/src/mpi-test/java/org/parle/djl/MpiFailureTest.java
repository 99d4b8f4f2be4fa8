package org.parle.djl;

import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

/** What one rank does wrong ends the job for all, with a reason. */
public class MpiFailureTest {

    private static final int SECONDS = 60;

    private static MpiJob trainingJob(String what) throws Exception {
        return trainingJob(Means.SHARED_MEMORY, what);
    }

    private static MpiJob trainingJob(Means means, String what) throws Exception {
        MpiJob job = MpiJob.start(means, 3, MpiFailureMain.class, what);
        job.until(text -> text.split("trains", -1).length - 1 == 3, SECONDS);
        return job;
    }

    private static List<ProcessHandle> ranks(MpiJob job) throws Exception {
        List<ProcessHandle> ranks = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            ranks.add(job.rank(rank));
        }
        return ranks;
    }

    private static void assertEnds(MpiJob job, List<ProcessHandle> ranks) throws Exception {
        assertNotEquals(job.end(SECONDS), 0, job.text());
        for (ProcessHandle rank : ranks) {
            // what mpirun has killed may take a moment to be gone
            rank.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private static void assertLastLine(MpiJob job, String regex) throws Exception {
        assertTrue(Pattern.matches(regex, job.lastLine()), job.text());
    }

    @DataProvider
    public Object[][] means() {
        return new Object[][] {{Means.SHARED_MEMORY}, {Means.MESSAGES}};
    }

    @DataProvider
    public Object[][] failures() {
        String ended = "parle: rank [02] of 3 ends the job: .*rank 1 has ended";
        String data = "parle: rank 1 of 3 ends the job: .*no more data";
        return new Object[][] {{"worker", data}, {"body", data}, {"exit", ended}};
    }

    @Test(dataProvider = "failures")
    public void shouldEndWithARankThatFails(String what, String last) throws Exception {
        try (MpiJob job = MpiJob.start(3, MpiFailureMain.class, what)) {
            job.until(text -> text.split("has pid", -1).length - 1 == 3, SECONDS);
            assertEnds(job, ranks(job));
            assertLastLine(job, last);
        }
    }

    @Test
    public void shouldSayWhoDiffers() throws Exception {
        try (MpiJob job = MpiJob.start(3, MpiFailureMain.class, "option")) {
            assertNotEquals(job.end(SECONDS), 0, job.text());
            assertLastLine(job, ".*replica 1 has options .*where replica 0 has .*");
        }
    }

    @Test(dataProvider = "means")
    public void shouldEndWithARankThatIsKilled(Means means) throws Exception {
        try (MpiJob job = trainingJob(means, "nothing")) {
            List<ProcessHandle> ranks = ranks(job);
            MpiJob.signal("KILL", ranks.get(1));
            assertEnds(job, ranks);
            String text = job.text();
            assertTrue(text.contains("rank 1") && text.contains("signal 9"), text);
        }
    }

    @Test(dataProvider = "means")
    public void shouldNameARankThatIsStopped(Means means) throws Exception {
        try (MpiJob job = trainingJob(means, "nothing")) {
            List<ProcessHandle> ranks = ranks(job);
            MpiJob.signal("STOP", ranks.get(1));
            assertEnds(job, ranks);
            assertLastLine(job, "parle: rank [02] of 3 .*rank 1 does not answer.*");
        }
    }

    @Test(dataProvider = "means")
    public void shouldNameARankThatDoesNotCall(Means means) throws Exception {
        try (MpiJob job = trainingJob(means, "sleep")) {
            assertEnds(job, ranks(job));
            assertLastLine(job, "parle: rank [02] of 3 .*rank 1 has not called it.*");
        }
    }

    @Test
    public void shouldEndWithARankThatIsTerminated() throws Exception {
        try (MpiJob job = trainingJob("nothing")) {
            List<ProcessHandle> ranks = ranks(job);
            MpiJob.signal("TERM", ranks.get(1));
            assertEnds(job, ranks);
        }
    }

    @DataProvider
    public Object[][] signals() {
        return new Object[][] {{"INT"}, {"TERM"}};
    }

    /** Ctrl+C, and what a scheduler sends. */
    @Test(dataProvider = "signals")
    public void shouldEndWithMpirun(String signal) throws Exception {
        try (MpiJob job = trainingJob("nothing")) {
            List<ProcessHandle> ranks = ranks(job);
            MpiJob.signal(signal, job.process().toHandle());
            assertEnds(job, ranks);
        }
    }

    @Test
    public void shouldSayHowManyReplicasWouldDo() throws Exception {
        try (MpiJob job = MpiJob.start(2, MpiFailureMain.class, "nothing")) {
            assertNotEquals(job.end(SECONDS), 0, job.text());
            assertLastLine(job, ".*3 replicas do not divide among 2 processes: 2 or 4 would");
            assertEquals(job.text().contains("pid"), false);
        }
    }
}
