package org.parle.djl.examples.dataset;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonObject;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Deep networks and coloured images, for a few steps. */
public class CifarTest {

    private static final Path SETS = Path.of("../../shared/data");

    @DataProvider
    public Object[][] models() {
        return new Object[][] {{"resnet-20"}, {"all-cnn"}};
    }

    @Test(dataProvider = "models")
    public void shouldTrainOnCifar10ForSomeSteps(String model) throws IOException {
        if (!Files.isDirectory(SETS)) {
            throw new SkipException("CIFAR-10 is not in " + SETS.toAbsolutePath().normalize());
        }
        JsonObject run =
                run(
                        "--dataset cifar10 --data-dir "
                                + SETS
                                + " --normalize --augment zeros --model "
                                + model
                                + " --replicas 2 --sync-every 2 --max-steps 4 --batch-size 16"
                                + " --train-size 64 --test-size 32 --batch-norm-batches 1");
        Assert.assertEquals(run.get("stepsPerReplica").getAsInt(), 4);
        Assert.assertEquals(run.get("synchronisations").getAsInt(), 2);
    }

    @Test
    public void shouldLearnTheColoursOfImagesInAFolder() throws IOException {
        Path folder = Drawings.folder(16, "shade0", "shade1", "shade2");
        JsonObject run =
                run(
                        "--dataset folder --data-dir "
                                + folder
                                + " --image-size 8 --model mlp --replicas 2 --sync-every 2"
                                + " --batch-size 8 --epochs 6 --drop-factor 1"
                                + " --learning-rate 0.01");
        double error = run.get("validationError").getAsDouble();
        Assert.assertTrue(error < 0.1, "error " + error);
    }

    private static JsonObject run(String options) throws IOException {
        Path result = Files.createTempDirectory("parle").resolve("run.json");
        Outcome outcome = Command.type("train " + options + " --result " + result);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        return JsonUtils.GSON.fromJson(Files.readString(result), JsonObject.class);
    }
}
