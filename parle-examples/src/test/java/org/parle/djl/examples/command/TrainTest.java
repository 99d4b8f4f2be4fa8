package org.parle.djl.examples.command;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.util.JsonUtils;

import com.google.gson.JsonObject;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.Parle;
import org.parle.djl.examples.dataset.DataSets;
import org.parle.djl.examples.network.LeNet;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Short main jobs. */
public class TrainTest {

    private static final int TEST_ITEMS = 200;

    /** One bit for each of LeNet's 132,220 weights, and a float for each of its 14 tensors. */
    private static final long BYTES = 16_584;

    /** Batch norm has nothing to divide by in a batch of one. */
    @Test
    public void shouldTrainWhereOneItemIsLeft() {
        Outcome outcome =
                Command.type(
                        "train --replicas 2 --epochs 2 --train-size 33"
                                + " --test-size 129 --batch-size 16 --sync-every 2");
        Assert.assertEquals(outcome.code(), 0, outcome.err());
    }

    @Test
    public void shouldSaveOneModelWithTheErrorThatItReports() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Path result = folder.resolve("results/all.json");
        Outcome outcome =
                Command.type(
                        "train --replicas 2 --epochs 2 --drop-at 1 --train-size 512 --test-size "
                                + TEST_ITEMS
                                + " --batch-size 32 --sync-every 4 --output "
                                + folder
                                + " --result "
                                + result);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(outcome.out().contains("32 for each replica"), outcome.out());
        Assert.assertTrue(outcome.out().contains("synchronisations  8"), outcome.out());
        Assert.assertTrue(outcome.out().contains("--sync-every 4"), outcome.out());

        double error = error(folder);
        Assert.assertTrue(error < 0.6, "error " + error);
        String shown = String.format(Locale.ROOT, "validation error  %.2f %%", 100 * error);
        Assert.assertTrue(outcome.out().contains(shown), shown + " in " + outcome.out());
        JsonObject line = JsonUtils.GSON.fromJson(Files.readString(result), JsonObject.class);
        Assert.assertEquals(line.get("validationError").getAsDouble(), error, 1e-9);
        Assert.assertEquals(line.get("stepsPerReplica").getAsInt(), 32);
        Assert.assertEquals(times(line, "compressing"), new double[2]);
    }

    /** Returns each replica's seconds. */
    private static double[] times(JsonObject result, String what) {
        return JsonUtils.GSON.fromJson(result.getAsJsonObject("times").get(what), double[].class);
    }

    @Test
    public void shouldTrainOnAGraphAndTellWhatWasSent() throws Exception {
        Path result = Files.createTempDirectory("parle").resolve("choco.json");
        long begin = System.nanoTime();
        Outcome outcome =
                Command.type(
                        "train --optimizer choco-sgd --topology ring --compressor sign"
                                + " --replicas 4 --epochs 1 --learning-rate 0.05 --train-size 256"
                                + " --test-size 50 --batch-size 32 --result "
                                + result);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        String sent = BYTES + " bytes per neighbour per step";
        Assert.assertTrue(outcome.out().contains(sent), outcome.out());
        Assert.assertTrue(outcome.out().contains("4 replicas' own weights"), outcome.out());
        JsonObject line = JsonUtils.GSON.fromJson(Files.readString(result), JsonObject.class);
        Assert.assertEquals(line.get("bytesPerNeighbourPerStep").getAsLong(), BYTES);
        Assert.assertTrue(line.get("consensusDistance").getAsDouble() > 0);
        // two neighbours each; the all-reduces of loss and reference come on top
        long steps = line.get("stepsPerReplica").getAsLong();
        Assert.assertTrue(line.get("bytes").getAsLong() > 4 * 2 * BYTES * steps);
        assertTimes(line, (System.nanoTime() - begin) / 1e9);
    }

    private static void assertTimes(JsonObject line, double wall) {
        double[] sums = new double[4];
        for (String what : line.getAsJsonObject("times").keySet()) {
            double[] each = times(line, what);
            Assert.assertEquals(each.length, sums.length, what);
            for (int replica = 0; replica < sums.length; replica++) {
                boolean mayBeNone = what.equals("waiting");
                Assert.assertTrue(mayBeNone ? each[replica] >= 0 : each[replica] > 0, what);
                sums[replica] += each[replica];
            }
        }
        for (double sum : sums) {
            Assert.assertTrue(sum < wall, sum + " s of " + wall);
        }
    }

    /** Evaluates the saved model with DJL alone. */
    private static double error(Path folder) throws Exception {
        long wrong = 0;
        try (DataSets sets = new DataSets();
                Model model = Model.newInstance("lenet", Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            model.setBlock(LeNet.block());
            model.load(folder, "lenet");
            ParameterStore store = new ParameterStore(manager, false);
            RandomAccessDataset test = sets.load("digits", null, Usage.TEST, 100, TEST_ITEMS);
            for (Batch batch : test.getData(manager)) {
                NDList output = model.getBlock().forward(store, batch.getData(), false);
                NDArray found = output.head().argMax(1);
                NDArray wanted = batch.getLabels().head().toType(found.getDataType(), false);
                wrong += found.neq(wanted).sum().getLong();
                batch.close();
            }
        }
        return (double) wrong / TEST_ITEMS;
    }

    /** SIGTERM; .ci/signals tries all signals, and jobs. */
    @Test
    public void shouldStopAndSaveWhenInterrupted() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Process run = start("--epochs", "100000", "--output", folder.toString());
        try (BufferedReader out = run.inputReader()) {
            // training goes on from here
            Assert.assertTrue(String.valueOf(out.readLine()).startsWith("epoch 1 of"));
            // not run.destroy(), which closes the streams too
            run.toHandle().destroy();
            List<String> rest = out.lines().toList();
            Assert.assertTrue(
                    rest.stream().anyMatch(line -> line.startsWith("stopped after step")),
                    rest.toString());
            Assert.assertTrue(run.waitFor(1, TimeUnit.MINUTES));
            Assert.assertEquals(run.exitValue(), Interrupts.TERMINATED);
            Assert.assertTrue(error(folder) < 1);
        } finally {
            run.destroyForcibly();
        }
    }

    private static Process start(String... more) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parle.class.getName(),
                        "train",
                        "--replicas",
                        "2",
                        "--train-size",
                        "64",
                        "--test-size",
                        "20",
                        "--batch-size",
                        "32",
                        "--sync-every",
                        "1");
        builder.command().addAll(List.of(more));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
