package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is said of a run is said once, not once for each replica. */
public class WarnedOnceTest {

    private static final String LOGGING =
            """
            <Configuration status="WARN">
              <Appenders>
                <Console name="console"><PatternLayout pattern="%level %logger - %msg%n"/></Console>
              </Appenders>
              <Loggers><Root level="INFO"><AppenderRef ref="console"/></Root></Loggers>
            </Configuration>
            """;

    private static final List<String> SAID =
            List.of(
                    "may diverge with compressor sign",
                    "there is no checkpoint in",
                    "all replicas (3) start from the reference of",
                    "at step 3",
                    "at step 6");

    @Test
    public void shouldBeSaidOnceByThreeReplicas() throws Exception {
        assertOnce(
                Jvm.start(
                                Jvm.classPath(any -> true),
                                Map.of("OMP_NUM_THREADS", "1"),
                                options(),
                                WarnedOnceMain.class,
                                Files.createTempDirectory("checkpoints"))
                        .await(true, 10));
    }

    /** A JVM's, so that it prints what is logged. */
    static List<String> options() throws IOException {
        Path logging = Files.createTempFile("logging", ".xml");
        Files.writeString(logging, LOGGING);
        return List.of("-Dlog4j2.configurationFile=" + logging);
    }

    static void assertOnce(String text) {
        List<String> lines =
                text.lines().filter(line -> line.matches("(INFO|WARN) org\\.parle\\..*")).toList();
        for (String part : SAID) {
            long count = lines.stream().filter(line -> line.contains(part)).count();
            Assert.assertEquals(count, 1, part + ": " + text);
        }
        Assert.assertEquals(lines, lines.stream().distinct().toList());
    }
}
