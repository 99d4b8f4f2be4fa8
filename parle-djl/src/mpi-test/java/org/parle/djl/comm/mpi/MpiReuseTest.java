package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

/** Programs that connect again and again use what an earlier run had, once it is through. */
public class MpiReuseTest {

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {{2, Means.SHARED_MEMORY}, {3, Means.MESSAGES}};
    }

    @Test(dataProvider = "jobs")
    public void shouldConnectHundredsOfTimesWithTwoOfMpis(int processes, Means means)
            throws Exception {
        String text = MpiJob.run(means, processes, MpiReuseMain.class, "often");
        assertEquals(text.split("came and went", -1).length - 1, processes, text);
    }

    /** Also where a rank has closed it: its call is not through. */
    @Test
    public void shouldNotReuseWhatAMessageIsUnderWayIn() throws Exception {
        String text = MpiJob.run(2, MpiReuseMain.class, "stray");
        assertEquals(text.split("met nothing strange", -1).length - 1, 2, text);
    }

    @Test
    public void shouldGiveBackWithTheLastCallWhatWasNeverAwaited() throws Exception {
        String text = MpiJob.run(3, MpiReuseMain.class, "open");
        assertEquals(text.split("got it back", -1).length - 1, 3, text);
    }
}
