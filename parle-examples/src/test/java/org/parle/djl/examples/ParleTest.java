package org.parle.djl.examples;

import ai.djl.Device;
import ai.djl.Model;

import picocli.CommandLine;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command as a user types it. */
public class ParleTest {

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Parle.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        command.getSubcommands()
                .values()
                .forEach(
                        sub ->
                                sub.setOut(new PrintWriter(out, true))
                                        .setErr(new PrintWriter(err, true)));
        int code = command.execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {"train --optimizer parl", "did you mean \"parle\""},
            {"train --gama 3", "did you mean --gamma"},
            {"train --optimizer sgd --sync-every 3", "sgd has no option --sync-every"},
            {"train --alpha 1.5", "alpha must be a number from 0 to 1"},
            {"train --sync-every 0", "syncEvery must be"},
            {"train --gamma -1", "gamma must be"},
            {"train --learning-rate -1", "learningRate must be"},
            {"train --coupling proximal --gamma 0", "learns nothing"},
            {"train --optimizer entropy-sgd", "--replicas 1"},
            {"train --replicas 0", "--replicas must be at least 1"},
            {"train --replicas two", "two"},
            {"train --dataset cifar", "digits, mnist, fashion-mnist"},
            {"train --dataset mnist --data-dir /nowhere", "no mnist in /nowhere"},
            {"train --shard some", "some"},
            {"train --shard fraction=2", "fraction"},
            {"train --devices 99", "GPU 99 does not exist"},
            {"train --devices tpu", "not tpu"},
            {"optimizers parl", "did you mean \"parle\""},
            {"", "parle --help"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void shouldRefuseWithOneClearLine(String line, String part) {
        Outcome outcome = run(line.isEmpty() ? new String[0] : line.split(" ", -1));
        Assert.assertEquals(outcome.code, Parle.BAD_USAGE, outcome.err);
        Assert.assertTrue(outcome.err.contains(part), outcome.err);
        Assert.assertEquals(outcome.err.strip().lines().count(), 1, outcome.err);
        Assert.assertEquals(outcome.out, "");
    }

    @Test
    public void shouldRefuseADamagedDataFolder() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Files.write(folder.resolve("train_data"), new byte[10]);
        for (String name : new String[] {"train_labels", "test_data", "test_labels"}) {
            Files.write(folder.resolve(name), new byte[10]);
        }
        Outcome outcome =
                run("train", "--dataset", "fashion-mnist", "--data-dir", folder.toString());
        Assert.assertEquals(outcome.code, Parle.BAD_USAGE);
        Assert.assertTrue(outcome.err.contains("is damaged: 10 bytes"), outcome.err);
    }

    @Test
    public void shouldListEveryOptimizerWithItsOptions() {
        Outcome outcome = run("optimizers");
        Assert.assertEquals(outcome.code, 0);
        for (String part :
                new String[] {"parle:", "diloco:", "elastic-sgd:", "--sync-every", "default 25"}) {
            Assert.assertTrue(outcome.out.contains(part), part + " in " + outcome.out);
        }
    }

    @Test
    public void shouldTeachWithHelp() {
        Outcome outcome = run("train", "--help");
        Assert.assertEquals(outcome.code, 0);
        Assert.assertTrue(outcome.out.contains("--outer-momentum"), outcome.out);
    }

    /** A short main job: the model that is saved can be loaded, and the numbers are printed. */
    @Test
    public void shouldTrainAndSaveOneModel() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Outcome outcome =
                run(
                        ("train --replicas 2 --epochs 2 --drop-at 1 --train-size 512 --test-size"
                                        + " 200 --batch-size 32 --sync-every 4 --output "
                                        + folder)
                                .split(" ", -1));
        Assert.assertEquals(outcome.code, 0, outcome.err);
        Matcher error = Pattern.compile("validation error +([0-9.]+) %").matcher(outcome.out);
        Assert.assertTrue(error.find(), outcome.out);
        Assert.assertTrue(Double.parseDouble(error.group(1)) < 60, outcome.out);
        Assert.assertTrue(outcome.out.contains("32 for each replica"), outcome.out);
        Assert.assertTrue(outcome.out.contains("synchronisations  8"), outcome.out);
        try (Model model = Model.newInstance("lenet", Device.cpu())) {
            model.setBlock(LeNet.block());
            model.load(folder, "lenet");
            Assert.assertTrue(model.getBlock().isInitialized());
        }
    }
}
