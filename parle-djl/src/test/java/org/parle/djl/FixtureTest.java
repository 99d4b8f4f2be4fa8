package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Every case of the reference trajectories, through each of the ways in. */
public class FixtureTest {

    @DataProvider
    public Iterator<Object[]> runs() {
        return select(run -> true);
    }

    @DataProvider
    public Iterator<Object[]> single() {
        return select(run -> run.replicas == 1);
    }

    @DataProvider
    public Iterator<Object[]> several() {
        return select(run -> run.replicas > 1);
    }

    private static Iterator<Object[]> select(Predicate<Reference.Run> wanted) {
        return Reference.runs(wanted).stream().map(run -> new Object[] {run}).iterator();
    }

    @Test
    public void shouldCoverEveryOptimizerOfTheLibrary() {
        Set<String> missing = new TreeSet<>(Optimizer.providers().keySet());
        Reference.runs().forEach(run -> missing.remove(run.optimizer));
        Assert.assertEquals(missing, Set.of("sign-descent"), "not in the fixture");
    }

    @Test(dataProvider = "runs")
    public void shouldFollowTheReferenceOnThreads(Object run) {
        follow(FixtureWay.OWN, run);
    }

    @Test(dataProvider = "runs")
    public void shouldFollowTheReferenceWithCommunicationInFlight(Object run) {
        follow(FixtureWay.IN_FLIGHT, run);
    }

    @Test(dataProvider = "single")
    public void shouldFollowTheReferenceInAPlainTrainer(Object run) {
        follow(FixtureWay.PLAIN, run);
    }

    @Test(dataProvider = "several")
    public void shouldFollowTheReferenceThroughDjlsParameterServer(Object run) {
        follow(FixtureWay.SERVER, run);
    }

    private static void follow(FixtureWay way, Object given) {
        Reference.Run run = (Reference.Run) given;
        Assert.assertNull(way.follow(run).wrong(), run.toString());
    }

    @DataProvider
    public Iterator<Object[]> fourEqualReplicas() {
        return select(run -> run.replicas == 4 && run.optimizer.equals("sgd"));
    }

    /** The mean over two replicas of the mean over their two devices is the mean over all four. */
    @Test(dataProvider = "fourEqualReplicas")
    public void shouldTrainTwoDevicesAsOneReplica(Object given) {
        Reference.Run run = (Reference.Run) given;
        ReplicaOptimizer optimizer = FixtureWay.optimizer(run).optDevicesPerReplica(2).build();
        Assert.assertNull(FixtureServer.follow(run, optimizer).wrong(), run.toString());
    }

    /** A part of it; parle-examples/bench/pressure.sh follows all of it so. */
    @Test
    public void shouldFollowTheReferenceUnderAllocationPressure() throws Exception {
        String text = Jvm.pressed(FixtureMain.class, 1, "any", FixtureMain.SOME);
        for (FixtureWay way : FixtureWay.values()) {
            List<Reference.Run> cases = FixtureMain.cases(way, 1, "any", FixtureMain.SOME);
            String line = FixtureMain.line(way, cases, FixtureMain.SOME);
            Assert.assertTrue(text.contains(line), line + " in " + text);
        }
    }
}
