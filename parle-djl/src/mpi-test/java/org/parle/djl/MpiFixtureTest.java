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
        String text = MpiJob.run(means, processes, FixtureMain.class, processes, replicas, CALM);
        requireFixture(text, processes, replicas, CALM);
    }

    @DataProvider
    public Object[][] means() {
        return new Object[][] {{Means.SHARED_MEMORY}, {Means.MESSAGES}};
    }

    /** A part of it; parle-examples/bench/pressure.sh does all. */
    @Test(dataProvider = "means")
    public void shouldTrainUnderAllocationPressure(Means means) throws Exception {
        String text = MpiJob.run(Jvm.SMALL, means, 2, MpiPressureMain.class);
        requireFixture(text, 2, 2, FixtureMain.SOME);
        for (String door : List.of("plain", "replicas")) {
            requireLine(text, PressureMain.line(door, MpiPressureMain.TRAININGS), 2);
        }
    }

    private static void requireFixture(String text, int processes, int replicas, String mode) {
        for (FixtureWay way : FixtureWay.values()) {
            List<Reference.Run> cases =
                    FixtureMain.cases(way, processes, String.valueOf(replicas), mode);
            assertFalse(cases.isEmpty() && way == FixtureWay.OWN);
            requireLine(text, FixtureMain.line(way, cases, mode), cases.isEmpty() ? 0 : processes);
        }
    }

    private static void requireLine(String text, String line, int times) {
        assertEquals(text.split(line + "\\R", -1).length - 1, times, line + " in " + text);
    }
}
