package org.parle.djl;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

import org.parle.djl.MpiJob.Means;
import org.testng.Assert;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The same seed gives the same bits, however replicas talk, and resumed or not. */
public class SameBitsTest {

    private final Map<String, Map<Integer, String>> expected = new TreeMap<>();
    private int threads;

    @BeforeClass
    public void trainOnThreads() throws Exception {
        Engine.getInstance();
        // as many as in the jobs
        threads = JniUtils.getNumThreads();
        JniUtils.setNumThreads(1);
        for (String optimizer : SameBits.optimizers()) {
            expected.put(optimizer, SameBits.train(optimizer, null));
            System.out.println(optimizer + " " + expected.get(optimizer).get(0));
        }
    }

    @AfterClass
    public void resetThreads() {
        JniUtils.setNumThreads(threads);
    }

    @Test
    public void shouldBeTheSameOnThreadsAgainAndResumed() throws Exception {
        Path folder = Files.createTempDirectory("bits");
        for (String optimizer : expected.keySet()) {
            Assert.assertEquals(SameBits.train(optimizer, null), expected.get(optimizer));
            Assert.assertEquals(SameBits.train(optimizer, folder), expected.get(optimizer));
        }
    }

    @DataProvider
    public Object[][] equal() {
        return new Object[][] {{"sgd"}, {"ef-sign-sgd"}, {"dgc"}};
    }

    @Test(dataProvider = "equal")
    public void shouldBeTheSameOnAllReplicas(String optimizer) {
        Assert.assertEquals(Set.copyOf(expected.get(optimizer).values()).size(), 1);
    }

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {
            {Means.SHARED_MEMORY, false}, {Means.MESSAGES, false}, {Means.MESSAGES, true}
        };
    }

    @Test(dataProvider = "jobs")
    public void shouldBeTheSameBetweenProcesses(Means means, boolean resumed) throws Exception {
        Object[] folder = {Files.createTempDirectory("bits")};
        String text =
                MpiJob.run(
                        means, SameBits.REPLICAS, SameBits.class, resumed ? folder : new Object[0]);
        expected.forEach(
                (optimizer, ends) ->
                        ends.forEach(
                                (rank, end) ->
                                        Assert.assertTrue(
                                                text.contains(SameBits.line(optimizer, rank, end)),
                                                text)));
    }
}
