package org.parle.djl;

import org.parle.djl.checkpoint.CheckpointException;
import org.parle.djl.checkpoint.CheckpointFolder;
import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One job writes to a folder of checkpoints, and what it has written stays good. */
public class CheckpointFolderTest {

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parle");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** The one before goes only when the new one is there, under a name of its own. */
    @Test
    public void shouldReplaceACheckpointOfTheSameStep() throws Exception {
        CheckpointMain.write(folder, 5, 1);
        CheckpointMain.write(folder, 7, 1);
        CheckpointMain.write(folder, 7, 1);
        Assert.assertEquals(names(), List.of("step-0000000007", "step-000000005"));
        CheckpointMain.write(folder, 7, 1);
        Assert.assertEquals(names(), List.of("step-000000005", "step-000000007"));
    }

    /** A kill between the two leaves both: either is whole. */
    @Test
    public void shouldReadTheNewerOfOneStep() throws Exception {
        Path old = Files.createDirectory(folder.resolve("step-000000007"));
        Path replaced = Files.createDirectory(folder.resolve("step-0000000007"));
        Assert.assertEquals(new CheckpointFolder(folder).newest().orElseThrow(), replaced);
        Assert.assertTrue(Files.exists(old));
    }

    private static Process job(Path folder, int floats, String limit) throws IOException {
        String line =
                limit
                        + " exec '"
                        + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Dai.djl.offline=true"
                        + " -Dfolder='"
                        + folder
                        + "' -Dfloats="
                        + floats
                        + " -cp '"
                        + Jvm.classPath(entry -> true)
                        + "' "
                        + CheckpointMain.class.getName();
        return new ProcessBuilder("bash", "-c", line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String said(Process job) throws IOException {
        return job.inputReader()
                .lines()
                .filter(line -> line.startsWith("written") || line.startsWith("refused"))
                .findFirst()
                .orElse("nothing");
    }

    @Test
    public void shouldBeOneJobsUntilItsProcessEnds() throws Exception {
        Process job = job(folder, 1, "");
        try {
            Assert.assertEquals(said(job), "written");
            CheckpointException e =
                    Assert.expectThrows(
                            CheckpointException.class, () -> CheckpointMain.write(folder, 2, 1));
            Assert.assertTrue(e.getMessage().contains("another job writes"), e.getMessage());
            Assert.assertEquals(names(), List.of("step-000000001"));
        } finally {
            job.destroyForcibly();
        }
        Assert.assertTrue(job.waitFor(1, TimeUnit.MINUTES));
        CheckpointMain.write(folder, 2, 1);
        Assert.assertEquals(names(), List.of("step-000000001", "step-000000002"));
    }

    /** A process that lives on, such as a notebook's, gives the folder back with its trainer. */
    @Test
    public void shouldBeGivenBackWithTheTrainer() throws Exception {
        ResumableRun run = new ResumableRun();
        run.trainAndLeave(folder, 2);
        Process job = job(folder, 1, "");
        try {
            String said = said(job);
            // it comes to its own rule, behind the lock
            Assert.assertTrue(said.contains("another run wrote it"), said);
        } finally {
            job.destroyForcibly();
        }
    }

    /** The shell's limit of a file's length stands for a disk that is full. */
    @Test
    public void shouldLeaveNothingHalfWritten() throws Exception {
        Process job = job(folder, 1 << 20, "ulimit -f 1024;");
        try {
            String said = said(job);
            Assert.assertTrue(said.startsWith("refused: " + folder + ":"), said);
            Assert.assertTrue(said.contains("MiB are free there"), said);
            Assert.assertEquals(names(), List.of());
        } finally {
            job.destroyForcibly();
        }
    }
}
