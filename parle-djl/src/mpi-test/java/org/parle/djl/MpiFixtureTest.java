package org.parle.djl;

import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

/** Every case of the reference trajectories, between processes of real mpirun. */
public class MpiFixtureTest {

    /** Each number of replicas in the fixture, in as many processes up to four, and four in two. */
    @DataProvider
    public Iterator<Object[]> jobs() {
        List<Object[]> jobs = new ArrayList<>();
        new TreeSet<>(
                        FixtureTest.cases(run -> run.replicas > 1).stream()
                                .map(r -> r.replicas)
                                .toList())
                .forEach(
                        replicas -> {
                            int processes = replicas;
                            while (processes > 4) {
                                int all = processes;
                                processes /=
                                        IntStream.rangeClosed(2, all)
                                                .filter(p -> all % p == 0)
                                                .findFirst()
                                                .getAsInt();
                            }
                            jobs.add(new Object[] {Means.SHARED_MEMORY, processes, replicas});
                            if (replicas <= 4) {
                                jobs.add(new Object[] {Means.MESSAGES, processes, replicas});
                            }
                        });
        jobs.add(new Object[] {Means.SHARED_MEMORY, 2, 4});
        jobs.add(new Object[] {Means.MESSAGES, 2, 4});
        return jobs.iterator();
    }

    @Test(dataProvider = "jobs")
    public void shouldFollowTheReference(Means means, int processes, int replicas)
            throws Exception {
        int cases = FixtureTest.cases(run -> run.replicas == replicas).size();
        assertTrue(cases > 0);
        String text = MpiJob.run(means, processes, MpiFixtureMain.class, replicas);
        assertEquals(text.split("followed " + cases + " cases\\.", -1).length - 1, processes, text);
    }
}
