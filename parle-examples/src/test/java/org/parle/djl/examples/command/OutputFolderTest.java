package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.Parle;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One command at a time in a folder. */
public class OutputFolderTest {

    private static final String SMALL =
            " --model mlp --replicas 1 --train-size 64 --test-size 20 --batch-size 32";

    private static List<String> sweep(Path folder, String more) {
        return List.of(("sweep --output " + folder + SMALL + more).split(" ", -1));
    }

    private static Outcome run(List<String> words) {
        return Command.run(words.toArray(String[]::new));
    }

    @Test
    public void shouldRefuseAFolderInUseUntilTheOtherHasEndedHowever() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        List<String> mine = sweep(folder, " --vary learningRate=0.1,0.2 --epochs 1");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Parle.class.getName()));
        line.addAll(sweep(folder, " --vary gamma=1,10 --epochs 100000"));
        Process other =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = other.inputReader()) {
            // the empty line and the run's come first
            Assert.assertTrue(out.lines().anyMatch(one -> one.startsWith("epoch 1 of")));
            Outcome refused = run(mine);
            Assert.assertEquals(refused.code(), Failures.FAILED);
            Assert.assertEquals(
                    refused.err(),
                    "parle: "
                            + folder
                            + " is in use by another parle compare or parle sweep: wait for its"
                            + " end, or take another --output\n");
            Assert.assertEquals(refused.out(), "");
            Outcome compare = Command.type("compare --output " + folder + SMALL);
            Assert.assertTrue(compare.err().contains(folder + " is in use"), compare.err());
        } finally {
            other.destroyForcibly().waitFor();
        }
        Outcome after = run(mine);
        Assert.assertEquals(after.code(), 0, after.err());
    }

    /** The system's locks are a process's: this one's own are Java's to refuse. */
    @Test
    public void shouldRefuseAFolderInUseByTheSameProcess() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        int code =
                OutputFolder.alone(
                        folder, () -> run(sweep(folder, " --vary gamma=1,10 --epochs 1")).code());
        Assert.assertEquals(code, Failures.FAILED);
    }

    @Test
    public void shouldRefuseAFileInItsPlace() throws Exception {
        Path file = Files.createTempFile("parle", "");
        Outcome outcome = run(sweep(file, " --vary gamma=1,10"));
        Assert.assertEquals(outcome.code(), Failures.BAD_USAGE);
        Assert.assertEquals(outcome.err(), "parle: --output must be a folder: " + file + "\n");
    }
}
