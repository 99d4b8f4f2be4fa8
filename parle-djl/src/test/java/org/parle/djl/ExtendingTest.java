package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page about extending shows the classes that other tests find by their names, and use. */
public class ExtendingTest {

    private static final Path PAGE = Path.of("../docs/extending.md");
    private static final Path SOURCES = Path.of("src/test/java/org/example");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");

    @Test
    public void shouldShowTheClassesThatTestsUse() throws IOException {
        List<String> shown = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        while (blocks.find()) {
            shown.add(blocks.group(1));
        }
        List<String> used = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                used.add(Files.readString(file));
            }
        }
        Assert.assertEqualsNoOrder(shown, used);
    }

    @Test
    public void shouldHoldTheTransportToTheContract() throws Exception {
        two("-Dstar.contract=true");
    }

    @Test
    public void shouldTrainTwoProcessesOverTheTransport() throws Exception {
        List<String> ends = new ArrayList<>();
        for (String output : two("-Dstar.contract=false")) {
            Matcher end = Pattern.compile("rank \\d ends with (-?\\d+)").matcher(output);
            Assert.assertTrue(end.find(), output);
            ends.add(end.group(1));
        }
        Assert.assertEquals(ends.get(0), ends.get(1));
    }

    private static List<String> two(String option) throws Exception {
        return two(option, Jvm.classPath(entry -> true), Jvm.classPath(entry -> true), true);
    }

    /** Runs two processes, each with a class path; returns what each printed. */
    static List<String> two(String option, String first, String second, boolean well)
            throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<Jvm.Running> processes = new ArrayList<>();
        for (String classPath : List.of(first, second)) {
            List<String> options =
                    List.of(
                            "-Dstar.rank=" + processes.size(),
                            "-Dstar.size=2",
                            "-Dstar.host=localhost",
                            "-Dstar.port=" + port,
                            "-Dparle.communicator=star",
                            option);
            processes.add(Jvm.start(classPath, Map.of(), options, StarMain.class));
        }
        List<String> outputs = new ArrayList<>();
        for (Jvm.Running process : processes) {
            outputs.add(process.await(well));
        }
        return outputs;
    }
}
