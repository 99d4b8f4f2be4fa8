package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.option.RunWords;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Commands on the pages that nothing runs, since they take hours: their options at least are right.
 * The shell itself takes the blocks apart, loops and all, with functions in the place of programs.
 */
public class PagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^```bash not-run:[^\n]*\n(.*?)^```$");
    private static final String STAND_INS =
            """
            mvn() { :; }
            java() { :; }
            parle() { printf '%s\\x1f' "$@"; printf '\\n'; }
            job() { while [ "$1" != -- ]; do shift; done; shift; parle "$@"; }
            hosts() { shift 2; parle "$@"; }
            """;
    private static final List<String> OF_COMPARE = List.of("--output", "--seeds", "--equal");

    @DataProvider
    public Iterator<Object[]> blocks() throws IOException {
        List<Object[]> blocks = new ArrayList<>();
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            List<Path> all = new ArrayList<>(List.of(ROOT.resolve("README.md")));
            pages.filter(page -> page.toString().endsWith(".md")).sorted().forEach(all::add);
            for (Path page : all) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                while (block.find()) {
                    if (block.group(1).contains("parle-examples/parle")) {
                        blocks.add(new Object[] {ROOT.relativize(page), block.group(1)});
                    }
                }
            }
        }
        return blocks.iterator();
    }

    @Test(dataProvider = "blocks")
    public void shouldNameOptionsThatThereAre(Path page, String block) throws Exception {
        List<List<String>> calls = calls(block);
        Assert.assertFalse(calls.isEmpty(), page + " calls nothing");
        for (List<String> call : calls) {
            switch (call.get(0)) {
                case "train" -> LoggedRuns.options(call);
                case "compare" -> checkComparison(call);
                default -> Command.parse(call.toArray(String[]::new));
            }
        }
    }

    private static void checkComparison(List<String> call) throws IOException {
        List<RunWords> runs = new ArrayList<>();
        List<String> common = new ArrayList<>();
        for (int i = 1; i < call.size(); i++) {
            if (call.get(i).equals("--run")) {
                runs.add(RunWords.parse(call.get(++i)));
            } else if (OF_COMPARE.contains(call.get(i))) {
                i++;
            } else {
                common.add(call.get(i));
            }
        }
        for (List<String> run : new Budget("steps").arguments(runs, common)) {
            LoggedRuns.options(run);
        }
    }

    /** Returns the arguments of each call of parle that the block makes. */
    private static List<List<String>> calls(String block) throws Exception {
        String script =
                STAND_INS
                        + block.replaceAll("parle-examples/parle-mpi ", "job ")
                                .replaceAll("parle-examples/bench/hosts.sh ", "hosts ")
                                .replaceAll("parle-examples/bench/\\S+ ", ": ")
                                .replaceAll("parle-djl/mpi/setup.sh", ":")
                                .replaceAll("salloc --ntasks \\d+ ", "")
                                .replaceAll("parle-examples/parle ", "parle ");
        Path file = Files.createTempFile("block", ".sh");
        try {
            Files.writeString(file, script);
            Process bash =
                    new ProcessBuilder("bash", "-eu", file.toString())
                            .redirectErrorStream(true)
                            .start();
            String printed =
                    new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assert.assertEquals(bash.waitFor(), 0, printed);
            return printed.lines().map(line -> Arrays.asList(line.split("\u001f"))).toList();
        } finally {
            Files.delete(file);
        }
    }
}
