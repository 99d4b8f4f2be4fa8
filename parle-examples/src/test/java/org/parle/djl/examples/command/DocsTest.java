package org.parle.djl.examples.command;

import org.parle.djl.Optimizer;
import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Every command on the algorithms' pages runs, on less data. */
public class DocsTest {

    private static final Path PAGES = Path.of("../docs/algorithms");
    private static final String COMMAND = "parle-examples/parle ";

    @DataProvider
    public Iterator<Object[]> commands() throws IOException {
        return lines().filter(line -> line.startsWith(COMMAND))
                .map(line -> new Object[] {line.substring(COMMAND.length())})
                .iterator();
    }

    private static Stream<String> lines() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return pages.sorted().toList().stream().flatMap(DocsTest::read);
        }
    }

    private static Stream<String> read(Path page) {
        try {
            return Files.readAllLines(page).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test(dataProvider = "commands")
    public void shouldRun(String command) {
        String less =
                command.startsWith("train")
                        ? " --epochs 1 --train-size 64 --test-size 20 --batch-size 16"
                        : " --steps 2 --grid 0.04 --test-size 20";
        Outcome outcome = Command.type(command + less);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertEquals(outcome.err(), "");
    }

    @Test
    public void shouldShowACommandForEveryOptimizer() throws IOException {
        List<String> all = lines().filter(line -> line.startsWith(COMMAND)).toList();
        for (String name : Optimizer.providers().keySet()) {
            Assert.assertTrue(
                    all.stream().anyMatch(line -> line.contains("--optimizer " + name + " ")),
                    "no command for " + name);
        }
    }
}
