package org.parle.djl;

import org.parle.djl.option.Options;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A resumed run equals one that was never stopped, bit for bit. */
public class ResumeTest {

    private final Random random = new Random(11);

    @DataProvider
    public Object[][] optimizers() {
        List<Object[]> all = new ArrayList<>();
        for (String name : Optimizer.providers().keySet()) {
            if (!name.startsWith("test")) {
                all.add(new Object[] {name, Map.of()});
            }
        }
        for (String coupling : List.of("proximal", "momentum", "delayed-consensus")) {
            all.add(new Object[] {"parle", Map.of("coupling", coupling)});
        }
        all.add(new Object[] {"parle", Map.of("inner", "adamw", "alpha", 0.5)});
        all.add(new Object[] {"parle", Map.of("langevinNoise", 0.01)});
        all.add(new Object[] {"parle", Map.of("syncDelay", 2, "alpha", 0.5)});
        all.add(new Object[] {"parle", Map.of("syncDelay", 1, "compressor", "sign")});
        all.add(new Object[] {"parle", Map.of("syncGrowth", 0.05, "localAfter", 4)});
        all.add(new Object[] {"local-sgd", Map.of("syncDelay", 2, "outerMomentum", 0.5)});
        all.add(new Object[] {"diloco", Map.of("syncDelay", 2, "localAfter", 3)});
        return all.toArray(Object[][]::new);
    }

    private static ResumableRun run(String name, Map<String, Object> given, int replicas) {
        Map<String, Object> options = new TreeMap<>(given);
        var provider = Optimizer.providers().get(name);
        if (provider.options().stream().anyMatch(option -> option.name().equals("syncEvery"))) {
            options.put("syncEvery", 3);
        }
        provider.check(Options.of(name, provider.options(), options), replicas);
        ResumableRun run = new ResumableRun();
        run.replicas = replicas;
        run.optimizer =
                () -> {
                    ReplicaOptimizer.Builder builder = Optimizer.named(name);
                    options.forEach(builder::opt);
                    return builder.opt("learningRate", 0.02).optBatchNormBatches(2).build();
                };
        return run;
    }

    private void shouldResume(ResumableRun run) throws Exception {
        Map<Integer, float[]> expected = run.train();
        int steps = 1 + random.nextInt(run.epochs * ResumableRun.STEPS_PER_EPOCH - 1);
        Path folder = Files.createTempDirectory("parle");
        run.trainAndLeave(folder, steps);
        Map<Integer, float[]> found = run.resume(folder);
        Assert.assertEquals(found.size(), run.replicas);
        for (int rank = 0; rank < run.replicas; rank++) {
            Assert.assertEquals(
                    found.get(rank), expected.get(rank), "rank " + rank + ", left at " + steps);
        }
    }

    @Test(dataProvider = "optimizers")
    public void shouldResumeOneReplicaThatDraws(String name, Map<String, Object> options)
            throws Exception {
        ResumableRun run;
        try {
            run = run(name, options, 1);
        } catch (IllegalArgumentException e) {
            // an optimizer for several
            return;
        }
        run.drawing = true;
        shouldResume(run);
    }

    @Test(dataProvider = "optimizers")
    public void shouldResumeThreeReplicasThatDoNotDraw(String name, Map<String, Object> options)
            throws Exception {
        ResumableRun run;
        try {
            run = run(name, options, 3);
        } catch (IllegalArgumentException e) {
            // an optimizer for one
            return;
        }
        if (options.containsKey("langevinNoise")) {
            // draws
            return;
        }
        shouldResume(run);
    }

    @DataProvider
    public Object[][] inFlight() {
        return new Object[][] {
            {"parle", Map.of("coupling", "delayed-consensus")},
            {"parle", Map.of("syncDelay", 2)},
            {"local-sgd", Map.of("syncDelay", 1)},
        };
    }

    /** Where a mean is in flight, too, and where none is. */
    @Test(dataProvider = "inFlight")
    public void shouldResumeAtEveryStep(String name, Map<String, Object> options) throws Exception {
        ResumableRun run = run(name, options, 2);
        run.epochs = 2;
        run.sharding = "reshuffled";
        Map<Integer, float[]> expected = run.train();
        for (int steps = 1; steps <= 6; steps++) {
            Path folder = Files.createTempDirectory("parle");
            run.trainAndLeave(folder, steps);
            Map<Integer, float[]> found = run.resume(folder);
            Assert.assertEquals(found.get(0), expected.get(0), "left at " + steps);
            Assert.assertEquals(found.get(1), expected.get(1), "left at " + steps);
        }
    }

    /** Left in an epoch, and between two. */
    @Test
    public void shouldResumeInDjlsOwnTrainer() throws Exception {
        for (int steps : new int[] {3, 5, 13}) {
            ResumableRun run = run("parle", Map.of(), 1);
            run.plain = true;
            run.drawing = true;
            Map<Integer, float[]> expected = run.train();
            Path folder = Files.createTempDirectory("parle");
            run.trainAndLeave(folder, steps);
            Assert.assertEquals(run.resume(folder).get(0), expected.get(0), "left at " + steps);
        }
    }

    /** Modules that compute with tensors of their own, through both doors. */
    @Test
    public void shouldResumeTorchScript() throws Exception {
        for (int replicas : new int[] {1, 2}) {
            ResumableRun run = run("parle", Map.of(), replicas);
            run.plain = replicas == 1;
            run.script = true;
            Map<Integer, float[]> expected = run.train();
            Path folder = Files.createTempDirectory("parle");
            run.trainAndLeave(folder, 7);
            Map<Integer, float[]> found = run.resume(folder);
            for (int rank = 0; rank < replicas; rank++) {
                Assert.assertEquals(found.get(rank), expected.get(rank), "of " + replicas);
            }
        }
    }

    /** Nothing is left to train: what ends is the reference. */
    @Test
    public void shouldResumeAfterTheLastStep() throws Exception {
        for (boolean plain : new boolean[] {false, true}) {
            ResumableRun run = run("parle", Map.of(), 1);
            run.plain = plain;
            run.drawing = true;
            Map<Integer, float[]> expected = run.train();
            Path folder = Files.createTempDirectory("parle");
            run.trainAndLeave(folder, run.epochs * ResumableRun.STEPS_PER_EPOCH);
            Assert.assertEquals(run.resume(folder).get(0), expected.get(0), "plain: " + plain);
        }
    }

    @Test
    public void shouldStartOtherNumbersOfReplicasFromTheReference() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        run("parle", Map.of(), 3).trainAndLeave(folder, 7);
        for (int replicas : new int[] {1, 2}) {
            ResumableRun run = run("parle", Map.of(), replicas);
            Map<Integer, float[]> ends = run.resumeFromReference(folder);
            Assert.assertEquals(ends.size(), replicas);
        }
    }
}
