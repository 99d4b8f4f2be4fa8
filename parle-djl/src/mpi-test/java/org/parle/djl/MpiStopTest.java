package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trainings of a real job that end before their time, on all ranks. */
public class MpiStopTest {

    private static final Pattern STOPPED = Pattern.compile("stopped after (\\d+)");

    @DataProvider
    public Object[][] rounds() {
        return new Object[][] {{2, 1}, {3, 1_000_000}};
    }

    /** One rank is asked, and the steps of all are equal, also where ranks meet nowhere else. */
    @Test(dataProvider = "rounds")
    public void shouldStopAllRanksAfterTheSameStep(int ranks, int syncEvery) throws Exception {
        String text = MpiJob.run(ranks, MpiStopMain.class, "stop", syncEvery);
        Matcher matcher = STOPPED.matcher(text);
        Assert.assertTrue(matcher.find(), text);
        String steps = matcher.group(1);
        for (int rank = 1; rank < ranks; rank++) {
            Assert.assertTrue(matcher.find(), text);
            Assert.assertEquals(matcher.group(1), steps, text);
        }
    }

    /** An exception between two collectives, of which the others have none to come. */
    @Test
    public void shouldEndOthersThatMeetNobody() throws Exception {
        try (MpiJob job = MpiJob.start(3, MpiStopMain.class, "throw", 1_000_000)) {
            job.until(text -> text.contains("throws at"), 120);
            Assert.assertNotEquals(job.end(20), 0, job.text());
            Assert.assertTrue(job.text().contains("the user's own"), job.text());
        }
    }

    @Test
    public void shouldCompareNetworksBeforeWeightsMove() throws Exception {
        try (MpiJob job = MpiJob.start(2, MpiStopMain.class, "differ", 1)) {
            Assert.assertNotEquals(job.end(120), 0, job.text());
            Assert.assertTrue(job.text().contains("replicas differ"), job.text());
            Assert.assertFalse(job.text().contains("SIGSEGV"), job.text());
        }
    }
}
