package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;

/** Looking for a consensus step. */
public class TuneTest {

    @Test
    public void shouldTellTheStepWithTheLeastLoss() {
        Outcome outcome =
                Command.type(
                        "tune-consensus --optimizer deep-squeeze --topology ring --grid 0.5,0.01"
                                + " --steps 3 --test-size 32");
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        List<String> lines = outcome.out().lines().toList();
        Assert.assertEquals(lines.size(), 4, outcome.out());
        Assert.assertTrue(lines.get(1).startsWith("0.01 "), outcome.out());
        Assert.assertTrue(lines.get(2).startsWith("0.5 "), outcome.out());
        String best = loss(lines.get(1)) <= loss(lines.get(2)) ? "0.01" : "0.5";
        Assert.assertEquals(lines.get(3), "best: --consensus-step " + best);
    }

    @Test
    public void shouldSayThatAStepDiverged() {
        Outcome outcome =
                Command.type(
                        "tune-consensus --compressor top-k --grid 0.04,1e20 --steps 8"
                                + " --test-size 32");
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(outcome.out().contains("1.0E20    diverged"), outcome.out());
        Assert.assertTrue(outcome.out().endsWith("best: --consensus-step 0.04\n"), outcome.out());
    }

    private static double loss(String row) {
        return Double.parseDouble(row.substring(10, 22).strip());
    }
}
