package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

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
}
