package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checkpoints of {@code parle train}. Sixteen steps an epoch. */
public class ResumeTest {

    private static final String TRAIN =
            "train --replicas 1 --train-size 512 --test-size 100 --batch-size 32 --sync-every 4";

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parle");
    }

    private static Outcome train(String more) {
        Outcome outcome = Command.type(TRAIN + ' ' + more);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        return outcome;
    }

    private static byte[] model(Path folder) throws IOException {
        return Files.readAllBytes(folder.resolve("lenet-0000.params"));
    }

    /** The line that a job may be started with again and again. */
    @Test
    public void shouldGoOnWithTheSameLine() throws Exception {
        String line = "--checkpoint " + folder + "/c --resume " + folder + "/c --every 10";
        train("--epochs 2 --output " + folder + "/calm");
        Assert.assertFalse(train(line + " --epochs 1").out().contains("resumed"));
        // the newest is of step 10, in the first of two epochs
        Outcome outcome = train(line + " --epochs 2 --output " + folder + "/resumed");
        Assert.assertTrue(outcome.out().contains("resumed at step 10\n"), outcome.out());
        Assert.assertTrue(outcome.out().contains("epoch 1 of 2"), outcome.out());
        Assert.assertEquals(model(folder.resolve("resumed")), model(folder.resolve("calm")));
    }

    /** One line for a scheduler, log and all: the rows are those of a run without a stop. */
    @Test
    public void shouldGoOnWithItsLog() throws Exception {
        String line = " --checkpoint " + folder + "/c --resume " + folder + "/c --every 10";
        train("--epochs 3 --log " + folder + "/calm");
        train("--epochs 2 --log " + folder + "/log" + line);
        train("--epochs 3 --log " + folder + "/log" + line);
        for (String table : new String[] {"epoch.csv", "sync.csv"}) {
            Assert.assertEquals(
                    steps(folder.resolve("log").resolve(table)),
                    steps(folder.resolve("calm").resolve(table)),
                    table);
        }
        Assert.assertEquals(
                Files.readString(folder.resolve("log/run.jsonl")).split("begin", -1).length, 2);
    }

    /** Epoch and step of each row. */
    private static List<String> steps(Path table) throws IOException {
        return Files.readAllLines(table).stream()
                .map(row -> row.replaceAll("^([^,]*,[^,]*),.*", "$1"))
                .toList();
    }

    /** A schedule goes on as it began, if the run is to be longer than was thought. */
    @Test
    public void shouldKeepTheHorizonOfACosine() throws Exception {
        String cosine = "--schedule cosine --every 16 --checkpoint " + folder + "/c";
        train(cosine + " --epochs 2");
        String longer = " --epochs 3 --output " + folder;
        Outcome resumed = train(cosine + " --resume " + folder + "/c" + longer + "/resumed");
        Assert.assertTrue(resumed.out().contains("resumed at step 32\n"), resumed.out());
        train("--schedule cosine --horizon 2" + longer + "/calm");
        Assert.assertEquals(model(folder.resolve("resumed")), model(folder.resolve("calm")));
        Outcome other =
                Command.type(
                        TRAIN
                                + " --schedule cosine --horizon 3 --epochs 4 --resume "
                                + folder
                                + "/c");
        Assert.assertEquals(other.code(), Failures.FAILED, other.out());
        Assert.assertTrue(other.err().contains("--horizon"), other.err());
    }

    @Test
    public void shouldSayHowToResumeWithAnotherNumberOfReplicas() {
        train("--epochs 1 --checkpoint " + folder);
        Outcome none = Command.type(TRAIN + " --epochs 1 --resume " + folder);
        Assert.assertTrue(none.err().contains("there is no checkpoint in it"), none.err());
        train("--epochs 1 --every 8 --checkpoint " + folder);
        String two = TRAIN.replace("--replicas 1", "--replicas 2") + " --epochs 1";
        Outcome refused = Command.type(two + " --resume " + folder);
        Assert.assertEquals(refused.code(), Failures.FAILED);
        Assert.assertTrue(
                refused.err().contains("step-000000016/manifest.json: written by 1 replica"),
                refused.err());
        Assert.assertTrue(refused.err().contains("--from-reference"), refused.err());
        Assert.assertEquals(refused.err().strip().lines().count(), 1, refused.err());
        Outcome done =
                Command.type(
                        two.replace("--epochs 1", "--epochs 2")
                                + " --from-reference --resume "
                                + folder);
        Assert.assertEquals(done.code(), 0, done.err());
        Assert.assertTrue(done.out().contains("resumed at step 16\n"), done.out());
    }

    @Test
    public void shouldNotMixTwoRuns() {
        train("--epochs 1 --every 8 --checkpoint " + folder);
        Outcome refused = Command.type(TRAIN + " --epochs 1 --checkpoint " + folder);
        Assert.assertEquals(refused.code(), Failures.FAILED);
        Assert.assertTrue(
                refused.err().contains("step-000000016: another run wrote it"), refused.err());
    }
}
