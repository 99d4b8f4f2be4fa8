package org.parle.djl;

import org.parle.djl.checkpoint.CheckpointFolder;
import org.testng.Assert;
import org.testng.Reporter;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real processes, killed with SIGKILL at random moments and started again: what ends is what a run
 * that was never killed ends with, byte for byte.
 *
 * <p>Up to {@code parle.kills} times (20 by default), but no new one after {@code
 * parle.kill.seconds} (25 by default, of two cores), so that the whole stays under a minute. At
 * least three.
 */
public class KillTest {

    private static final int LEAST = 3;
    private static final int MOST = Integer.getInteger("parle.kills", 20);
    private static final Duration BUDGET =
            Duration.ofSeconds(Integer.getInteger("parle.kill.seconds", 25));
    private static final int LONGEST_LIFE_MILLIS = 800;
    private static final int ENDLESS = 1_000_000;

    @DataProvider
    public Object[][] groups() {
        return new Object[][] {{1, MOST, BUDGET}, {3, LEAST, Duration.ZERO}};
    }

    @Test(dataProvider = "groups")
    public void shouldEndAsIfNeverKilled(int replicas, int most, Duration budget) throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Path checkpoints = folder.resolve("checkpoints");
        Random random = new Random();
        List<List<String>> left = new ArrayList<>();
        long begin = System.nanoTime();
        while (left.size() < most
                && (left.size() < LEAST || System.nanoTime() - begin < budget.toNanos())) {
            Process process = start(checkpoints.toString(), folder, replicas, ENDLESS);
            try {
                awaitReady(process);
                if (left.size() % 2 == 1) {
                    // on a busy machine it would else be killed before it has written any
                    awaitNewer(checkpoints, process);
                }
                int life = random.nextInt(LONGEST_LIFE_MILLIS);
                boolean ended = process.waitFor(life, TimeUnit.MILLISECONDS);
                Assert.assertFalse(ended, ended ? output(process) : "");
            } finally {
                process.destroyForcibly().waitFor();
            }
            left.add(names(checkpoints));
        }
        Reporter.log(replicas + " replicas, killed " + left.size() + " times, left " + left, true);
        int epochs = epochs(checkpoints);
        finish(start(checkpoints.toString(), folder.resolve("killed"), replicas, epochs));
        finish(start("", folder.resolve("calm"), replicas, epochs));
        Map<String, byte[]> killed = files(folder.resolve("killed"));
        Map<String, byte[]> calm = files(folder.resolve("calm"));
        Assert.assertFalse(calm.isEmpty());
        Assert.assertEquals(killed.keySet(), calm.keySet());
        calm.forEach((name, bytes) -> Assert.assertEquals(killed.get(name), bytes, name));
    }

    /** Waits for a checkpoint that is newer than those there are. */
    static void awaitNewer(Path checkpoints, Process process) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        Optional<Path> before = new CheckpointFolder(checkpoints).newest();
        while (new CheckpointFolder(checkpoints).newest().equals(before)) {
            Assert.assertTrue(System.nanoTime() < end, "no checkpoint within a minute");
            Assert.assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS), "it has ended");
        }
    }

    /** Returns how many epochs it takes to go a little beyond the newest checkpoint. */
    static int epochs(Path checkpoints) {
        Optional<Path> newest = new CheckpointFolder(checkpoints).newest();
        long step = newest.isEmpty() ? 0 : CheckpointFolder.step(newest.get()).orElseThrow();
        return Math.toIntExact(step / ResumableRun.STEPS_PER_EPOCH + 2);
    }

    private static Process start(String checkpoints, Path model, int replicas, int epochs)
            throws IOException {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // these live for a second: the second compiler would not pay
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.offline=true",
                        "-cp",
                        classPath,
                        KilledMain.class.getName(),
                        checkpoints,
                        model.toString(),
                        String.valueOf(replicas),
                        String.valueOf(epochs),
                        "parle")
                .redirectErrorStream(true)
                .start();
    }

    private static void awaitReady(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        List<String> lines = new ArrayList<>();
        String line = reader.readLine();
        while (line != null && !line.equals(KilledMain.READY)) {
            lines.add(line);
            line = reader.readLine();
        }
        Assert.assertNotNull(line, String.join("\n", lines));
    }

    private static String output(Process process) throws IOException {
        return String.join("\n", process.inputReader().lines().toList());
    }

    private static void finish(Process process) throws Exception {
        try {
            String output = output(process);
            Assert.assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it hangs: " + output);
            Assert.assertEquals(process.exitValue(), 0, output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString().replace("step-0000", ""))
                    .sorted()
                    .toList();
        }
    }

    static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }
}
