package org.parle.djl;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

/** Every case of the reference trajectories, between processes of real mpirun. */
public class MpiFixtureTest {

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {{2, 2}, {3, 3}, {4, 4}, {2, 4}};
    }

    @Test(dataProvider = "jobs")
    public void shouldFollowTheReference(int processes, int replicas) throws Exception {
        int cases = FixtureTest.cases(run -> run.replicas == replicas).size();
        assertTrue(cases > 0);
        String text = MpiJob.run(processes, MpiFixtureMain.class, replicas);
        assertEquals(
                text.split("followed " + cases + " cases\\.", -1).length - 1, processes, text);
    }
}
