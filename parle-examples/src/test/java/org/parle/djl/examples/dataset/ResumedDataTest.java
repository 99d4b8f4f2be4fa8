package org.parle.djl.examples.dataset;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run goes on with the data that it began with, prepared as they were. */
public class ResumedDataTest {

    private static final String BEGAN = "--normalize --image-size 8 --train-size 16";

    private Path folder;
    private Path checkpoints;

    @BeforeClass
    public void beginARun() throws IOException {
        folder = Drawings.folder(10, "a", "b");
        checkpoints = Files.createTempDirectory("parle");
        Outcome outcome = train(BEGAN + " --epochs 1 --every 2 --checkpoint " + checkpoints);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
    }

    /** Its weights have the same shapes whatever size images are. */
    private Outcome train(String more) {
        return Command.type(
                "train --dataset folder --model resnet-20 --replicas 1 --optimizer sgd"
                        + " --batch-size 8 --data-dir "
                        + folder
                        + " "
                        + more);
    }

    @DataProvider
    public Object[][] others() {
        return new Object[][] {
            {"--image-size 8 --train-size 16", "it has --normalize yes, and this run has none"},
            {
                "--normalize --image-size 9 --train-size 16",
                "it has --image-size 8, and this run has 9"
            },
            {
                "--normalize --image-size 8",
                "it has --train-size a sample of 16, and this run has none"
            },
        };
    }

    @Test(dataProvider = "others")
    public void shouldRefuseToGoOnWithOtherData(String options, String why) {
        for (String how : new String[] {"", " --from-reference"}) {
            Outcome outcome = train(options + " --epochs 2 --resume " + checkpoints + how);
            Assert.assertEquals(outcome.code(), 1, outcome.out());
            Assert.assertTrue(outcome.err().contains("another run's: " + why), outcome.err());
        }
    }

    @Test
    public void shouldRefuseToGoOnWithOtherClasses() throws IOException {
        for (String half : new String[] {"train", "test"}) {
            Path place = folder.resolve(half);
            Files.move(place.resolve("a"), place.resolve("c"));
        }
        try {
            Outcome outcome = train(BEGAN + " --epochs 2 --resume " + checkpoints);
            Assert.assertTrue(
                    outcome.err().contains("another run's: it has classes 2, "), outcome.err());
        } finally {
            for (String half : new String[] {"train", "test"}) {
                Path place = folder.resolve(half);
                Files.move(place.resolve("c"), place.resolve("a"));
            }
        }
    }

    @Test
    public void shouldGoOnWithTheSame() {
        Outcome outcome = train(BEGAN + " --epochs 2 --resume " + checkpoints);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertTrue(outcome.out().contains("resumed at step 2\n"), outcome.out());
    }
}
