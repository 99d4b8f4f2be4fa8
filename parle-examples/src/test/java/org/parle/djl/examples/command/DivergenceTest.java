package org.parle.djl.examples.command;

import org.knowm.xchart.XYSeries;
import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.picture.ComparisonPictures;
import org.parle.djl.examples.picture.Curve;
import org.parle.djl.examples.result.Comparison;
import org.parle.djl.examples.result.LoggedRun;
import org.parle.djl.examples.result.RunGroup;
import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

/** Sweeps and comparisons of which a run diverges. */
public class DivergenceTest {

    /** Two steps an epoch; a rate of 1e6 or 1e7 takes it to the second epoch or so. */
    private static final String SMALL =
            " --model mlp --train-size 64 --test-size 20 --batch-size 32 --epochs 4";

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parle");
    }

    private static Outcome done(Outcome outcome) {
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        return outcome;
    }

    private Outcome sweep() {
        return Command.type(
                "sweep --vary replicas=1,2 --vary learningRate=1e6,0.05 --sync-every 2 --output "
                        + folder
                        + SMALL);
    }

    private static long trained(Outcome outcome) {
        return outcome.out().lines().filter(line -> line.startsWith("train ")).count();
    }

    private static void remove(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    public void shouldSweepOnAndShowWhichCellsDiverged() throws IOException {
        Outcome outcome = done(sweep());
        Path run = folder.resolve("replicas=1_learning-rate=1e6/seed-1");
        LoggedRun diverged = LoggedRun.read(run);
        Assert.assertFalse(diverged.isComplete());
        String when = "diverged at step " + diverged.divergedAt();
        Assert.assertTrue(outcome.err().contains(" step " + diverged.divergedAt() + ";"));
        List<String> table = Files.readAllLines(folder.resolve("table.md"));
        Assert.assertTrue(table.get(2).startsWith("| replicas=1 | " + when + " | "), table.get(2));
        Assert.assertTrue(table.get(3).contains("| diverged at step "), table.get(3));
        Assert.assertTrue(outcome.out().contains(table.get(2)), outcome.out());
        BufferedImage picture = ImageIO.read(folder.resolve("error.png").toFile());
        // the corner of the left cells is grey, of the right ones blue
        for (int y : new int[] {65, 121}) {
            Assert.assertEquals(picture.getRGB(121, y), 0xffe4e4e4);
            Assert.assertNotEquals(picture.getRGB(217, y), 0xffe4e4e4);
        }
        String vectors = Files.readString(folder.resolve("error.svg"));
        Assert.assertTrue(vectors.contains(">diverged<"), vectors);

        Outcome again = done(sweep());
        Assert.assertEquals(trained(again), 0, again.out());
        Assert.assertTrue(again.out().contains("2 of 4 runs are complete"), again.out());
        Assert.assertTrue(again.out().contains("remove the folder to run it again: " + run));
        remove(run);
        Assert.assertEquals(trained(done(sweep())), 1);
        Assert.assertTrue(LoggedRun.read(run).hasDiverged());
    }

    @Test
    public void shouldCompareOnAndDrawARunUpToWhereItDiverged() throws IOException {
        List<String> words = new ArrayList<>(List.of("compare", "--seeds", "1"));
        words.addAll(List.of("--output", folder.toString()));
        words.addAll(List.of(SMALL.strip().split(" ", -1)));
        words.addAll(List.of("--run", "Too large: sgd --replicas 1 --learning-rate 1e7"));
        words.addAll(List.of("--run", "At once: sgd --replicas 1 --learning-rate 1e30"));
        words.addAll(List.of("--run", "Small: sgd --replicas 1"));
        Outcome outcome = done(Command.run(words.toArray(String[]::new)));
        Assert.assertEquals(trained(outcome), 3, outcome.out());
        RunGroup late = Comparison.read(folder).groups().get(0);
        RunGroup once = Comparison.read(folder).groups().get(1);
        String when = late.divergence();
        Assert.assertTrue(when.startsWith("diverged at step "), when);
        Assert.assertFalse(Curve.of(late, "gradientsInAll", 1).x().isEmpty());
        Assert.assertTrue(Curve.of(once, "gradientsInAll", 1).x().isEmpty());
        String table = Files.readString(folder.resolve("table.md"));
        Assert.assertTrue(table.contains("| Too large | 1 | - | - | " + when + " | - |"), table);
        Map<String, XYSeries> drawn =
                ComparisonPictures.chart(Comparison.read(folder), "gradientsInAll", 1, "x")
                        .getSeriesMap();
        Assert.assertEquals(
                List.copyOf(drawn.keySet()),
                List.of(
                        "Too large\n(" + when + ")",
                        "At once\n(" + once.divergence() + ")",
                        "Small"));
        Assert.assertTrue(drawn.get("Too large\n(" + when + ")").getYData()[0] > 0);
        Outcome plot = done(Command.run("plot", folder.resolve("At-once").toString()));
        Assert.assertTrue(plot.out().contains(once.divergence()), plot.out());
        List<LoggedRun> seeds =
                List.of(
                        LoggedRun.read(folder.resolve("Small/seed-1")),
                        LoggedRun.read(folder.resolve("Too-large/seed-1")));
        String error = new RunGroup("Small", seeds).error();
        Assert.assertTrue(error.endsWith(", 1 of 2 " + when), error);
    }

    @Test
    public void shouldCallItDivergedWhereOnlyTheLastStepWasTooLarge() {
        Outcome outcome =
                Command.type("train --replicas 2 --max-steps 2 --learning-rate 1e9" + SMALL);
        Assert.assertEquals(outcome.code(), Failures.FAILED);
        Assert.assertTrue(outcome.err().contains("is not finite after step 2;"), outcome.err());
    }

    @Test
    public void shouldStopWhereARunFailsOtherwiseAndLoseNothing() throws IOException {
        Outcome outcome =
                Command.type(
                        "sweep --vary replicas=1,3,2 --shard disjoint --model lenet5 --epochs 1"
                                + " --train-size 2 --test-size 2 --batch-size 1 --output "
                                + folder);
        Assert.assertEquals(outcome.code(), Failures.BAD_USAGE, outcome.err());
        Assert.assertTrue(outcome.err().contains("cannot deal 2 items to 3"), outcome.err());
        Assert.assertEquals(outcome.err().strip().lines().count(), 1, outcome.err());
        Assert.assertEquals(trained(outcome), 2, outcome.out());
        Assert.assertTrue(LoggedRun.read(folder.resolve("replicas=1/seed-1")).isComplete());
        Assert.assertFalse(Files.exists(folder.resolve("table.md")));
    }
}
