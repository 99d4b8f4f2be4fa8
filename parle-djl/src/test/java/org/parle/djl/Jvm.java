package org.parle.djl;

import org.testng.Assert;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another JVM, in which a program runs. */
final class Jvm {

    /** A small heap, which is collected often. */
    static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-Xmx128m");

    private Jvm() {}

    /** Runs a program that is to end well under allocation pressure; returns what it printed. */
    static String pressed(Class<?> main, Object... args) throws IOException, InterruptedException {
        return start(classPath(any -> true), Map.of("OMP_NUM_THREADS", "1"), SMALL, main, args)
                .await(true, 10);
    }

    /** Returns this JVM's class path, but for the entries that are not wanted. */
    static String classPath(Predicate<String> wanted) {
        String all =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(wanted)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Starts a program, with its output and its errors in one file. */
    static Running start(
            String classPath,
            Map<String, String> environment,
            List<String> options,
            Class<?> main,
            Object... args)
            throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                // these live for seconds: the second compiler would not pay
                                "-XX:TieredStopAtLevel=1",
                                "-Dai.djl.offline=true",
                                "-cp",
                                classPath));
        line.addAll(options);
        line.add(main.getName());
        Stream.of(args).map(String::valueOf).forEach(line::add);
        Path output = Files.createTempFile("parle", ".log");
        output.toFile().deleteOnExit();
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Running(builder.start(), output);
    }

    /** A program under way. */
    record Running(Process process, Path output) {

        /** Waits for the end, and returns what the program printed. */
        String await(boolean well) throws IOException, InterruptedException {
            return await(well, 2);
        }

        /** Waits so many minutes for the end, and returns what the program printed. */
        String await(boolean well, int minutes) throws IOException, InterruptedException {
            try {
                boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
                String text = Files.readString(output);
                Assert.assertTrue(ended, "it hangs: " + text);
                Assert.assertEquals(process.exitValue() == 0, well, text);
                return text;
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
