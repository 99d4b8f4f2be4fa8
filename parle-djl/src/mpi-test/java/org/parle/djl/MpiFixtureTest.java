package org.parle.djl;

import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Iterator;
import java.util.List;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;

/** Every case of the reference trajectories, between processes of real mpirun. */
public class MpiFixtureTest {

    private static final String CALM = "calm";

    @DataProvider
    public Iterator<Object[]> jobs() {
        return MpiFixtureJobs.all().stream()
                .map(job -> new Object[] {job.means(), job.processes(), job.replicas()})
                .iterator();
    }

    @Test(dataProvider = "jobs")
    public void shouldFollowTheReference(Means means, int processes, int replicas)
            throws Exception {
        follow(List.of(), means, processes, replicas, CALM);
    }

    @DataProvider
    public Object[][] means() {
        return new Object[][] {{Means.SHARED_MEMORY}, {Means.MESSAGES}};
    }

    /** A part of it; parle-examples/bench/pressure.sh follows all of it so. */
    @Test(dataProvider = "means")
    public void shouldFollowTheReferenceUnderAllocationPressure(Means means) throws Exception {
        follow(Jvm.SMALL, means, 2, 2, FixtureMain.SOME);
    }

    private static void follow(
            List<String> options, Means means, int processes, int replicas, String mode)
            throws Exception {
        String text =
                MpiJob.run(options, means, processes, FixtureMain.class, processes, replicas, mode);
        for (FixtureWay way : FixtureWay.values()) {
            List<Reference.Run> cases =
                    FixtureMain.cases(way, processes, String.valueOf(replicas), mode);
            assertFalse(cases.isEmpty() && way == FixtureWay.OWN);
            String line = FixtureMain.line(way, cases, mode);
            int lines = text.split(line + "\\R", -1).length - 1;
            assertEquals(lines, cases.isEmpty() ? 0 : processes, line + " in " + text);
        }
    }
}
