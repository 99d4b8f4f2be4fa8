package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.option.RunWords;
import org.parle.djl.examples.option.TrainOptions;
import org.parle.djl.examples.result.LoggedRun;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;

/** Short comparisons and sweeps. */
public class CompareTest {

    private static final String SMALL =
            "--model lenet5 --train-size 128 --test-size 40 --batch-size 32 --epochs 2";

    private static Outcome compare(Path folder, String... more) {
        List<String> args = new ArrayList<>(List.of("compare", "--output", folder.toString()));
        args.addAll(List.of(SMALL.split(" ", -1)));
        args.addAll(Arrays.asList(more));
        return Command.run(args.toArray(String[]::new));
    }

    @Test
    public void shouldCompareAndGoOnWhereItWasStopped() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        String[] runs = {
            "--run",
            "sgd --replicas 1",
            "--run",
            "Parle, n=2: parle --replicas 2 --sync-every 2",
            "--seeds",
            "1,2"
        };
        Outcome first = compare(folder, runs);
        Assert.assertEquals(first.code(), 0, first.err());
        LoggedRun parle = LoggedRun.read(folder.resolve("Parle-n=2/seed-2"));
        Assert.assertTrue(parle.isComplete());
        Assert.assertEquals(parle.epochs().size(), 2);
        Assert.assertEquals(parle.result("gradientsInAll"), 16);
        Assert.assertEquals(parle.series("gradientsInAll"), new double[] {8, 16});
        Assert.assertTrue(parle.result("bytesInAll") > 0);
        String table = Files.readString(folder.resolve("table.md"));
        Assert.assertTrue(table.contains("| Parle, n=2 | 2 | 8 | 16 | "), table);
        for (String name : new String[] {"time", "gradients", "bytes"}) {
            Path picture = folder.resolve("error-by-" + name + ".png");
            Assert.assertTrue(ImageIO.read(picture.toFile()).getWidth() > 600, name);
            Path vectors = folder.resolve("error-by-" + name + ".svg");
            Assert.assertTrue(Files.readString(vectors).contains("<svg"), name);
        }

        // as if it had been killed: one log lacks its end
        Path log = folder.resolve("sgd-replicas-1/seed-2/run.jsonl");
        Path cut = folder.resolve("cut");
        List<String> lines = Files.readAllLines(log);
        Files.write(cut, lines.subList(0, lines.size() - 1));
        Files.move(cut, log, StandardCopyOption.REPLACE_EXISTING);
        Outcome second = compare(folder, runs);
        Assert.assertEquals(second.code(), 0, second.err());
        Assert.assertTrue(second.out().contains("3 of 4 runs are complete"), second.out());
        Assert.assertEquals(second.out().split("\ntrain --optimizer", -1).length, 2);

        Outcome other = compare(folder, "--run", "sgd --replicas 1 --learning-rate 0.01");
        Assert.assertEquals(other.code(), 0, other.err());
        Outcome changed = compare(folder, "--run", runs[1], "--batch-norm-batches", "3");
        Assert.assertEquals(changed.code(), Failures.BAD_USAGE);
        Assert.assertTrue(changed.err().contains("a run with other options"), changed.err());
        Outcome plot = Command.run("plot", folder.resolve("sgd-replicas-1").toString());
        Assert.assertEquals(plot.code(), 0, plot.err());
        Assert.assertTrue(Files.exists(folder.resolve("sgd-replicas-1/error-by-time.png")));
    }

    @Test
    public void shouldGiveFewerReplicasMoreEpochsForEqualGradients() throws IOException {
        List<RunWords> runs =
                List.of(
                        RunWords.parse("sgd --replicas 1"),
                        RunWords.parse("Parle: parle --replicas 3"));
        List<List<String>> all =
                new Budget("gradients").arguments(runs, List.of("--epochs", "4", "--drop-at", "2"));
        TrainOptions sgd = LoggedRuns.options(all.get(0));
        Assert.assertEquals(sgd.epochs, 12);
        Assert.assertEquals(sgd.rate.dropAt, new int[] {6});
        Assert.assertEquals(LoggedRuns.options(all.get(1)).epochs, 4);
    }

    @Test
    public void shouldSweepAndDraw() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        String line =
                "sweep --vary syncEvery=1,2 --vary gamma=1,10 --replicas 2 "
                        + SMALL
                        + " --output "
                        + folder;
        Outcome outcome = Command.type(line);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(LoggedRun.isIn(folder.resolve("sync-every=2_gamma=10/seed-1")));
        Assert.assertEquals(Files.readAllLines(folder.resolve("table.md")).size(), 4);
        Assert.assertNotNull(ImageIO.read(folder.resolve("error.png").toFile()));
        Assert.assertTrue(Files.readString(folder.resolve("error.svg")).contains("<svg"));
        Outcome again = Command.type(line);
        Assert.assertTrue(again.out().contains("4 of 4 runs are complete"), again.out());
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {new String[] {"compare", "--run", "parl"}, "did you mean \"parle\""},
            {new String[] {"compare", "--run", "--replicas 3"}, "an optimizer and its options"},
            {new String[] {"compare", "--run", "sgd --sync-every 3"}, "has no option --sync-every"},
            {new String[] {"compare", "--gama", "3"}, "did you mean --gamma"},
            {new String[] {"compare", "--equal", "epochs"}, "--equal must be"},
            {new String[] {"compare", "--equal", "seconds"}, "needs --max-seconds"},
            {new String[] {"compare", "--log", "x"}, "leave --log"},
            {
                new String[] {
                    "compare",
                    "--equal",
                    "gradients",
                    "--run",
                    "a: parle --replicas 3",
                    "--run",
                    "b: parle --replicas 2"
                },
                "divide the largest"
            },
            {new String[] {"compare", "--run", "A: sgd", "--run", "A: parle"}, "two runs"},
            {new String[] {"plot", "/nowhere"}, "no complete run in /nowhere"},
            {new String[] {"sweep", "--vary", "gamma"}, "at least two different values"},
            {new String[] {"sweep", "--vary", "gama=1,2"}, "did you mean --gamma"},
            {new String[] {"sweep", "--vary", "rho=1,2", "--vary", "rho=3,4"}, "one twice"},
            {new String[] {"train", "--log", "/dev/null"}, "--log must be a folder"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void shouldRefuseWithOneClearLine(String[] line, String part) {
        Outcome outcome = Command.run(line);
        Assert.assertEquals(outcome.code(), Failures.BAD_USAGE, outcome.err());
        Assert.assertTrue(outcome.err().contains(part), outcome.err());
        Assert.assertEquals(outcome.err().strip().lines().count(), 1, outcome.err());
    }
}
