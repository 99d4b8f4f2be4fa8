package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.AllocationPressure;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What the group of one JVM does beyond the contract. */
public class LocalGroupTest {

    @Test
    public void shouldNotWaitForAReplicaThatComputesElsewhere() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray one = manager.full(new Shape(100_000), 1f);
            NDArray three = manager.full(new Shape(100_000), 3f);
            Pending<Void> computing = group.get(0).allReduceMean(one);
            // one thread for both: would never end if it needed the other's help
            group.get(1).allReduceMean(three).await();
            Assert.assertEquals(three.getFloat(99_999), 2f);
            computing.await();
            Assert.assertEquals(one.getFloat(0), 2f);
        }
    }

    @Test
    public void shouldKeepMemoryOfAVectorThatIsClosedMeanwhile() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int run = 0; run < 20; run++) {
                float[] ones = new float[1 + run];
                Arrays.fill(ones, 1f);
                NDArray one = manager.create(ones);
                Pending<Void> computing = group.get(0).allReduceMean(one);
                one.close();
                for (int i = 0; i < 3; i++) {
                    AllocationPressure.once(new Random(i));
                }
                NDArray three = manager.full(new Shape(1 + run), 3f);
                group.get(1).allReduceMean(three).await();
                computing.await();
                Assert.assertEquals(three.getFloat(run), 2f);
            }
        }
    }

    @Test
    public void shouldFindMemoryOfItsOwnOnlyAndLeaveNothingBehind() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray whole = manager.arange(20f);
            NDArray slice = whole.get("5:10");
            NDArray strided = whole.get("::2");
            int before = manager.getManagedArrays().size();
            Assert.assertNull(HostVectors.memory(strided));
            HostVectors.memory(slice).put(0, 77f);
            Assert.assertEquals(whole.getFloat(5), 77f);
            Assert.assertEquals(manager.getManagedArrays().size(), before);
        }
    }

    @Test
    public void shouldHoldEveryReplicaAtABarrierUntilAllHaveCome() {
        AtomicInteger arrived = new AtomicInteger();
        Ranks.run(
                Ranks.hybrid(2, 3),
                communicator -> {
                    for (int round = 1; round <= 10; round++) {
                        arrived.incrementAndGet();
                        communicator.barrier().await();
                        Assert.assertEquals(arrived.get(), 6 * round);
                        communicator.barrier().await();
                    }
                });
    }

    @Test
    public void shouldGiveTheSameBitsInEveryRun() {
        float[] first = meanOfNoise();
        for (int run = 0; run < 3; run++) {
            Assert.assertEquals(meanOfNoise(), first);
        }
        // summed in rank order and truly divided, nothing else
        float[] expected = noise(0);
        for (int rank = 1; rank < 5; rank++) {
            float[] next = noise(rank);
            for (int i = 0; i < expected.length; i++) {
                expected[i] += next[i];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] /= 5;
        }
        Assert.assertEquals(first, expected);
    }

    private static float[] meanOfNoise() {
        float[][] means = new float[5][];
        Ranks.run(
                Ranks.local(5),
                communicator -> {
                    try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray vector = manager.create(noise(communicator.rank()));
                        communicator.allReduceMean(vector).await();
                        means[communicator.rank()] = vector.toFloatArray();
                    }
                });
        for (float[] mean : means) {
            Assert.assertTrue(Arrays.equals(mean, means[0]), "bits differ between replicas");
        }
        return means[0];
    }

    private static float[] noise(int rank) {
        Random random = new Random(rank);
        float[] values = new float[50_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    public void shouldAverageAThousandReplicasOfLeNetsSizeWithTwoPermits() {
        Permits permits = new Permits(2);
        Ranks.run(
                Ranks.local(1000),
                communicator -> {
                    permits.acquire();
                    try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray vector =
                                manager.full(new Shape(132_220), (float) communicator.rank());
                        communicator.allReduceMean(vector).await();
                        communicator.allReduceMean(vector).await();
                        Assert.assertEquals(vector.getFloat(0), 499.5f);
                        Assert.assertEquals(vector.getFloat(132_219), 499.5f);
                        communicator.barrier().await();
                    } finally {
                        permits.release();
                    }
                });
    }

    @Test
    public void shouldKeepAVectorsMemoryWhenItsReplicaClosesItTooEarly() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray vector = manager.full(new Shape(100_000), 1f);
            try (NDArray other = manager.full(new Shape(100_000), 3f)) {
                group.get(1).allReduceMean(other);
            }
            group.get(0).allReduceMean(vector).await();
            Assert.assertEquals(vector.getFloat(0), 2f);
        }
    }

    @Test
    public void shouldAverageVectorsThatAreNotContiguous() {
        List<Communicator> group = Ranks.local(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray whole = manager.create(new float[] {1, 2, 3, 4, 5, 6});
            NDArray other = manager.create(new float[] {3, 5, 7});
            Pending<Void> pending = group.get(0).allReduceMean(whole.get("::2"));
            group.get(1).allReduceMean(other).await();
            pending.await();
            Assert.assertEquals(whole.toFloatArray(), new float[] {2, 2, 4, 4, 6, 6});
            Assert.assertEquals(other.toFloatArray(), new float[] {2, 4, 6});
        }
    }

    @Test
    public void shouldCountTheBytesOfEachCall() {
        int length = 10;
        int size = 3;
        long[] sent = new long[size];
        Ranks.run(
                Ranks.local(size),
                communicator -> {
                    int rank = communicator.rank();
                    try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray vector = manager.zeros(new Shape(length));
                        communicator.allReduceMean(vector).await();
                        sent[rank] = communicator.bytesSent();
                        Assert.assertEquals(communicator.bytesReceived(), sent[rank]);

                        communicator.broadcast(vector, 1).await();
                        long broadcast = communicator.bytesSent() - sent[rank];
                        Assert.assertEquals(broadcast, rank == 1 ? 2 * 4 * length : 0);
                    }
                    long before = communicator.bytesSent();
                    communicator.allGather(ByteBuffer.allocate(rank)).await();
                    Assert.assertEquals(communicator.bytesSent() - before, 2L * rank);
                    long received = communicator.bytesReceived();
                    int[] one = rank == 2 ? new int[0] : new int[] {1 - rank};
                    communicator.exchange(one, ByteBuffer.allocate(5 + rank)).await();
                    Assert.assertEquals(
                            communicator.bytesReceived() - received, rank == 2 ? 0 : 6 - rank);
                });
        // shares of 4, 3 and 3 entries: 6 + 4·2, 7 + 3·2, 7 + 3·2
        Assert.assertEquals(sent, new long[] {4 * 14, 4 * 13, 4 * 13});
        Assert.assertEquals(Arrays.stream(sent).sum(), 2L * (size - 1) * 4 * length);
    }
}
