package org.parle.djl.examples.dataset;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** A part of a set is drawn from all of it: here from CIFAR-100 in files sorted by class. */
public class SampleTest {

    private static final int RECORD = 2 + 3 * 32 * 32;
    private static final int ITEMS = 200;

    private Path folder;

    @BeforeClass
    public void writeSortedFiles() throws Exception {
        folder = Files.createTempDirectory("parle");
        byte[] records = new byte[ITEMS * RECORD];
        for (int i = 0; i < ITEMS; i++) {
            records[i * RECORD] = (byte) (i / 10);
            records[i * RECORD + 1] = (byte) (i / 2);
        }
        Files.write(folder.resolve("train.bin"), records);
        Files.write(folder.resolve("test.bin"), records);
    }

    private List<Float> labels(Usage usage, int most) throws Exception {
        List<Float> labels = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                DataSets sets = new DataSets()) {
            RandomAccessDataset set = sets.load("cifar100", folder, usage, 7, most);
            Assert.assertEquals(set.size(), most == 0 ? ITEMS : most);
            for (Batch batch : set.getData(manager)) {
                for (float label : batch.getLabels().head().toFloatArray()) {
                    labels.add(label);
                }
                batch.close();
            }
        }
        return labels;
    }

    @Test
    public void shouldDrawFromTheWholeSet() throws Exception {
        List<Float> some = labels(Usage.TRAIN, 40);
        Assert.assertEquals(some.size(), 40);
        // the first 40 are of 20 classes, half of them of a fifth
        Assert.assertTrue(new HashSet<>(some).size() > 25, some.toString());
        Assert.assertTrue(some.stream().anyMatch(label -> label >= 80), some.toString());
        Assert.assertNotEquals(labels(Usage.TEST, 40), some);
        Assert.assertEquals(labels(Usage.TRAIN, 0).size(), ITEMS);
    }

    /** Ranks, seeds and resumed runs have no say in it. */
    @Test
    public void shouldDrawTheSameAgainAndLessFromMore() throws Exception {
        List<Float> some = labels(Usage.TRAIN, 40);
        Assert.assertEquals(labels(Usage.TRAIN, 40), some);
        List<Long> more = Sample.of(Usage.TRAIN, ITEMS, 90);
        Assert.assertTrue(more.containsAll(Sample.of(Usage.TRAIN, ITEMS, 40)), more.toString());
    }

    @Test
    public void shouldRefuseMoreThanThereAre() {
        Outcome outcome =
                Command.type(
                        "train --dataset cifar100 --model mlp --test-size 201 --data-dir "
                                + folder);
        Assert.assertEquals(outcome.err(), "parle: --test-size 201: there are 200\n");
        Assert.assertEquals(outcome.code(), 2);
    }
}
