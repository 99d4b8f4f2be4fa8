package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

public class MnistShardTest {

    private static final Path MNIST =
            Path.of("../../shared/data/mlrepo/dataset/cv/ai/djl/basicdataset/mnist/1.0");

    private static Mnist mnist(NDManager manager) {
        if (!Files.isDirectory(MNIST)) {
            throw new SkipException("MNIST is not in " + MNIST.toAbsolutePath().normalize());
        }
        return Mnist.builder()
                .optManager(manager)
                .optRepository(Repository.newInstance("mnist", MNIST))
                .optUsage(Dataset.Usage.TEST)
                .setSampling(128, true)
                .build();
    }

    @Test
    public void shouldDealMnistByLabel() throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Mnist set = mnist(manager);
            Shard shard = ToySet.shard(set, "sorted", 9, 10, 0);
            Assert.assertEquals(shard.size(), 1000);
            Assert.assertEquals(shard.stepsPerEpoch(), 8);
            Set<Float> labels = new HashSet<>();
            for (Batch batch : shard.getData(manager)) {
                for (float label : batch.getLabels().head().toFloatArray()) {
                    labels.add(label);
                }
                batch.close();
            }
            // the test set has 1,009 nines
            Assert.assertEquals(labels, Set.of(9f));
        }
    }

    @Test
    public void shouldMakeAThousandShardsOfMnist() throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Mnist set = mnist(manager);
            int items = 0;
            for (int rank = 0; rank < 1000; rank++) {
                Shard shard = ToySet.shard(set, "dirichlet=10", rank, 1000, 3);
                Assert.assertEquals(shard.stepsPerEpoch(), 1);
                items += shard.size();
            }
            Assert.assertEquals(items, 10_000);
        }
    }
}
