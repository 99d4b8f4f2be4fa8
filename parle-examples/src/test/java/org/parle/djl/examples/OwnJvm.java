package org.parle.djl.examples;

import org.testng.Assert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command in a JVM of its own, with an environment and a log that are its own too. */
public final class OwnJvm {

    private OwnJvm() {}

    /** Runs a line of words without spaces in them; returns all that it printed. */
    public static String type(Map<String, String> environment, String line)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Dai.djl.offline=true",
                                Parle.class.getName()));
        words.addAll(List.of(line.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return run(builder);
    }

    /** Runs a program that does well; returns all that it printed. */
    public static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assert.assertEquals(process.waitFor(), 0, out);
        return out;
    }
}
