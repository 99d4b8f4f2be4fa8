package org.parle.djl;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.SaveModelTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.data.SyntheticDigits;
import org.parle.djl.training.BlockParameters;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Replicas on threads, through their own trainer. */
public class ReplicasTest {

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 640);
    private static final SyntheticDigits TEST = Networks.digits(Dataset.Usage.TEST, 320);

    private static DefaultTrainingConfig config() {
        return Networks.config(Networks.parle())
                .addTrainingListeners(TrainingListener.Defaults.basic());
    }

    @Test
    public void shouldTrainOneModelWithThreeReplicas() {
        Map<Integer, float[]> models = new ConcurrentHashMap<>();
        Map<Integer, Float> accuracies = new ConcurrentHashMap<>();
        Replicas.run(
                3,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config())) {
                            trainer.initialize(Networks.INPUT);
                            EasyTrain.fit(trainer, 3, replica.shard(TRAIN), TEST);
                            accuracies.put(
                                    replica.getRank(),
                                    trainer.getTrainingResult().getValidateEvaluation("Accuracy"));
                        }
                        models.put(replica.getRank(), Networks.values(model));
                    }
                });
        Assert.assertEquals(models.size(), 3);
        Assert.assertEquals(models.get(1), models.get(0));
        Assert.assertEquals(models.get(2), models.get(0));
        Assert.assertTrue(accuracies.get(0) > 0.7, accuracies.toString());
        Assert.assertEquals(accuracies.get(1), accuracies.get(0));
    }

    /** Weights after an epoch, with or without a look at the test set in between. */
    static Map<Integer, float[]> weights(int n, boolean drawing, boolean evaluate) {
        Map<Integer, float[]> weights = new ConcurrentHashMap<>();
        Replicas.builder()
                .optSeed(7)
                .build(n)
                .run(
                        replica -> {
                            Block block = drawing ? Networks.leNet() : Networks.quiet();
                            try (Model model = Networks.model(block);
                                    ReplicaTrainer trainer = replica.newTrainer(model, config())) {
                                trainer.initialize(Networks.INPUT);
                                PlainTrainerTest.fill(model);
                                for (Batch batch : trainer.iterateDataset(replica.shard(TRAIN))) {
                                    EasyTrain.trainBatch(trainer, batch);
                                    trainer.step();
                                    batch.close();
                                    if (evaluate && trainer.getSteps() % 7 == 0) {
                                        EasyTrain.evaluateDataset(trainer, TEST);
                                    }
                                }
                                weights.put(
                                        replica.getRank(), trainer.getWeights(0).toFloatArray());
                            }
                        });
        return weights;
    }

    @Test
    public void shouldNotBeDisturbedByEvaluationWithOneReplicaThatDraws() {
        Assert.assertEquals(weights(1, true, true).get(0), weights(1, true, false).get(0));
    }

    @Test
    public void shouldNotBeDisturbedByEvaluationWithThreeReplicas() {
        Map<Integer, float[]> looked = weights(3, false, true);
        Map<Integer, float[]> plain = weights(3, false, false);
        for (int rank = 0; rank < 3; rank++) {
            Assert.assertEquals(looked.get(rank), plain.get(rank));
        }
        Assert.assertNotEquals(plain.get(0), plain.get(1));
    }

    @Test
    public void shouldShowListenersTheReference() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        Replicas.run(
                2,
                replica -> {
                    DefaultTrainingConfig config = config();
                    if (replica.isFirst()) {
                        config.addTrainingListeners(
                                new SaveModelTrainingListener(folder.toString(), "net", 1));
                    }
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config)) {
                            trainer.initialize(Networks.INPUT);
                            EasyTrain.fit(trainer, 1, replica.shard(TRAIN), null);
                        }
                        try (Model loaded = Networks.model(Networks.quiet())) {
                            replica.communicator().barrier().await();
                            loaded.load(folder, "net");
                            Assert.assertEquals(Networks.values(loaded), Networks.values(model));
                        }
                    }
                });
    }

    /** Ends its replica's training after an epoch, as DJL's early stopping does. */
    private static final class StopAfter extends TrainingListenerAdapter {

        private final int last;
        private int epochs;

        StopAfter(int last) {
            this.last = last;
        }

        @Override
        public void onEpoch(Trainer trainer) {
            epochs++;
            if (epochs == last) {
                throw new EarlyStoppedException(epochs, "enough");
            }
        }
    }

    @Test
    public void shouldEndTheGroupCleanlyWhenOneStopsEarly() {
        List<float[]> models = new CopyOnWriteArrayList<>();
        AtomicInteger stopped = new AtomicInteger();
        Replicas.run(
                3,
                replica -> {
                    DefaultTrainingConfig config = config();
                    if (replica.getRank() == 1) {
                        config.addTrainingListeners(new StopAfter(2));
                    }
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config)) {
                            trainer.initialize(Networks.INPUT);
                            Assert.assertThrows(
                                    EarlyStoppedException.class,
                                    () -> EasyTrain.fit(trainer, 9, replica.shard(TRAIN), TEST));
                            stopped.incrementAndGet();
                        }
                        models.add(Networks.values(model));
                    }
                });
        Assert.assertEquals(stopped.get(), 3);
        Assert.assertEquals(models.get(1), models.get(0));
        Assert.assertEquals(models.get(2), models.get(0));
    }

    @Test
    public void shouldEndWithTheExceptionOfTheReplicaThatFailed() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        3,
                                        replica -> {
                                            try (Model model = Networks.model(Networks.quiet());
                                                    Trainer trainer =
                                                            replica.newTrainer(model, config())) {
                                                trainer.initialize(Networks.INPUT);
                                                EasyTrain.fit(
                                                        trainer, 1, replica.shard(TRAIN), null);
                                                if (replica.getRank() == 1) {
                                                    throw new IOException("disk full");
                                                }
                                                EasyTrain.fit(
                                                        trainer, 1, replica.shard(TRAIN), null);
                                            }
                                        }));
        Assert.assertEquals(e.getRank(), 1);
        Assert.assertEquals(e.getCause().getMessage(), "disk full");
    }

    @Test
    public void shouldStopAllReplicasAfterTheSameStep() {
        Map<Integer, Long> steps = new ConcurrentHashMap<>();
        Map<Integer, float[]> models = new ConcurrentHashMap<>();
        Replicas replicas = Replicas.builder().build(3);
        Assert.assertThrows(
                ReplicasStoppedException.class,
                () ->
                        replicas.run(
                                replica -> {
                                    try (Model model = Networks.model(Networks.quiet())) {
                                        try (ReplicaTrainer trainer =
                                                replica.newTrainer(model, config())) {
                                            trainer.initialize(Networks.INPUT);
                                            fitUntilStopped(replicas, replica, trainer);
                                            steps.put(replica.getRank(), trainer.getSteps());
                                        } finally {
                                            models.put(replica.getRank(), Networks.values(model));
                                        }
                                        throw new ReplicasStoppedException(0);
                                    }
                                }));
        Assert.assertEquals(steps.size(), 3);
        Assert.assertEquals(steps.get(1), steps.get(0));
        Assert.assertEquals(steps.get(2), steps.get(0));
        Assert.assertEquals(models.get(2), models.get(0));
    }

    @Test
    public void shouldStopAfterTheFirstStepWhenAskedBeforehand() {
        Replicas replicas = Replicas.builder().build(2);
        replicas.stop();
        ReplicasStoppedException e =
                Assert.expectThrows(
                        ReplicasStoppedException.class,
                        () ->
                                replicas.run(
                                        replica ->
                                                trainOnce(
                                                        replica,
                                                        Networks.parle(),
                                                        Networks.quiet())));
        Assert.assertEquals(e.getSteps(), 1);
    }

    private void fitUntilStopped(Replicas replicas, Replica replica, ReplicaTrainer trainer)
            throws Exception {
        try {
            while (true) {
                for (Batch batch : trainer.iterateDataset(replica.shard(TRAIN))) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                    if (replica.getRank() == 2 && trainer.getSteps() == 8) {
                        replicas.stop();
                    }
                }
            }
        } catch (ReplicasStoppedException e) {
            Assert.assertEquals(e.getSteps(), trainer.getSteps());
        }
    }

    @Test
    public void shouldSayWhoDiffersInWhat() {
        List<String> messages = new CopyOnWriteArrayList<>();
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        3,
                                        replica -> {
                                            float gamma = replica.getRank() == 2 ? 10 : 100;
                                            ReplicaOptimizer optimizer =
                                                    Optimizer.parle()
                                                            .setLearningRateTracker(
                                                                    Tracker.fixed(0.1f))
                                                            .optGamma(gamma)
                                                            .build();
                                            try {
                                                trainOnce(replica, optimizer, Networks.quiet());
                                            } catch (IllegalStateException differ) {
                                                messages.add(differ.getMessage());
                                                throw differ;
                                            }
                                        }));
        Assert.assertTrue(e.getMessage().contains("replica 2 has options"), e.getMessage());
        Assert.assertTrue(e.getMessage().contains("gamma=10.0"), e.getMessage());
        Assert.assertFalse(messages.isEmpty());
    }

    private void trainOnce(Replica replica, ReplicaOptimizer optimizer, Block block)
            throws Exception {
        try (Model model = Networks.model(block)) {
            trainOnce(replica, optimizer, model);
        }
    }

    private void trainOnce(Replica replica, ReplicaOptimizer optimizer, Model model)
            throws Exception {
        try (Trainer trainer = replica.newTrainer(model, Networks.config(optimizer))) {
            trainer.initialize(Networks.INPUT);
            EasyTrain.fit(trainer, 1, replica.shard(TRAIN), null);
        }
    }

    @Test
    public void shouldSayWhichShapeDiffers() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        2,
                                        replica -> {
                                            int units = replica.isFirst() ? 10 : 11;
                                            SequentialBlock block =
                                                    new SequentialBlock()
                                                            .add(Blocks.batchFlattenBlock())
                                                            .add(
                                                                    Linear.builder()
                                                                            .setUnits(units)
                                                                            .build());
                                            trainOnce(replica, Networks.parle(), block);
                                        }));
        Assert.assertTrue(e.getMessage().contains("replica 1"), e.getMessage());
    }

    @Test
    public void shouldNameStepAndReplicaWhenTrainingDiverges() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        2,
                                        replica ->
                                                trainOnce(
                                                        replica,
                                                        Optimizer.localSgd()
                                                                .setLearningRateTracker(
                                                                        Tracker.fixed(1e30f))
                                                                .build(),
                                                        Networks.quiet())));
        Assert.assertEquals(e.getCause().getClass(), TrainingDivergedException.class);
        Assert.assertTrue(e.getMessage().contains("at step"), e.getMessage());
    }

    /** A collective call under isFirst ends as soon as the others have, long before the timeout. */
    @Test(timeOut = 60_000)
    public void shouldNameWhomItWaitedFor() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        2,
                                        replica -> {
                                            if (replica.isFirst()) {
                                                replica.communicator().barrier().await();
                                            }
                                        }));
        Assert.assertEquals(e.getCause().getClass(), CommunicationException.class);
        Assert.assertTrue(e.getMessage().contains("replica 1, which has ended"), e.getMessage());
    }

    @Test
    public void shouldPointFromAPlainTrainerToItsOwn() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        2,
                                        replica -> {
                                            ReplicaOptimizer optimizer = Networks.parle();
                                            try (Model model = Networks.model(Networks.quiet())) {
                                                model.newTrainer(
                                                        Networks.config(optimizer)
                                                                .addTrainingListeners(optimizer));
                                            }
                                        }));
        Assert.assertTrue(e.getMessage().contains("replica.newTrainer"), e.getMessage());
    }

    @Test
    public void shouldRefuseAnotherOptimizer() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        1,
                                        replica -> {
                                            try (Model model = Networks.model(Networks.quiet())) {
                                                replica.newTrainer(
                                                        model,
                                                        Networks.config(Optimizer.adam().build()));
                                            }
                                        }));
        Assert.assertTrue(e.getMessage().contains("Optimizer.parle()"), e.getMessage());
    }

    @Test
    public void shouldRefuseABlockWithoutTrainableParameters() {
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        1,
                                        replica ->
                                                trainOnce(
                                                        replica,
                                                        Networks.parle(),
                                                        new SequentialBlock()
                                                                .add(Blocks.batchFlattenBlock()))));
        Assert.assertTrue(e.getMessage().contains("no trainable parameters"), e.getMessage());
    }

    @Test
    public void shouldFollowFreezing() {
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config())) {
                            trainer.initialize(Networks.INPUT);
                            Dataset shard = replica.shard(TRAIN);
                            EasyTrain.fit(trainer, 1, shard, null);
                            Parameter first = PlainTrainerTest.firstLinear(model);
                            float[] trained = first.getArray().toFloatArray();
                            float[] reference = Networks.values(model);
                            first.freeze(true);
                            EasyTrain.evaluateDataset(trainer, TEST);
                            first.freeze(false);
                            EasyTrain.evaluateDataset(trainer, TEST);
                            Assert.assertEquals(Networks.values(model), reference);
                            first.freeze(true);
                            EasyTrain.fit(trainer, 1, shard, null);
                            Assert.assertEquals(first.getArray().toFloatArray(), trained);
                            first.freeze(false);
                            EasyTrain.fit(trainer, 1, shard, null);
                            Assert.assertNotEquals(first.getArray().toFloatArray(), trained);
                        }
                    }
                });
    }

    /** Statistics of the reference are its own: those of its weights on training batches. */
    @Test
    public void shouldEstimateBatchNormStatisticsForTheReference() {
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config())) {
                            trainer.initialize(Networks.INPUT);
                            EasyTrain.fit(trainer, 1, replica.shard(TRAIN), TEST);
                        }
                        for (Parameter parameter :
                                BlockParameters.of(model.getBlock()).statistics().values()) {
                            NDArray statistic = parameter.getArray();
                            Assert.assertTrue(
                                    statistic.sub(statistic.mean()).abs().sum().getFloat() > 0);
                            try (NDArray copy = statistic.duplicate()) {
                                replica.communicator().allReduceMean(copy.flatten()).await();
                                Assert.assertEquals(copy.toFloatArray(), statistic.toFloatArray());
                            }
                        }
                    }
                });
    }

    /** A thousand replicas of a small network, two at work at a time. */
    @Test
    public void shouldRunAThousandReplicas() {
        AtomicInteger ended = new AtomicInteger();
        Replicas.builder()
                .optWorkers(2)
                .build(1000)
                .run(
                        replica -> {
                            try (Model model = Networks.model(Networks.quiet())) {
                                ReplicaOptimizer optimizer =
                                        Optimizer.localSgd()
                                                .setLearningRateTracker(Tracker.fixed(0.05f))
                                                .optSyncEvery(2)
                                                .optBatchNormBatches(1)
                                                .build();
                                try (Trainer trainer =
                                        replica.newTrainer(model, Networks.config(optimizer))) {
                                    trainer.initialize(Networks.INPUT);
                                    int steps = 0;
                                    for (Batch batch :
                                            trainer.iterateDataset(replica.shard(TRAIN))) {
                                        EasyTrain.trainBatch(trainer, batch);
                                        trainer.step();
                                        batch.close();
                                        steps++;
                                        if (steps == 4) {
                                            break;
                                        }
                                    }
                                }
                                ended.incrementAndGet();
                            }
                        });
        Assert.assertEquals(ended.get(), 1000);
    }

    @Test
    public void shouldEvaluateBeforeTrainingAndCloseWithoutIt() {
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer = replica.newTrainer(model, config())) {
                            trainer.initialize(Networks.INPUT);
                            EasyTrain.evaluateDataset(trainer, TEST);
                        }
                        float[] start = Networks.values(model);
                        try (Trainer trainer = replica.newTrainer(model, config())) {
                            trainer.initialize(Networks.INPUT);
                        }
                        Assert.assertEquals(Networks.values(model), start);
                    }
                });
    }

    /** A second trainer goes on with the model that the first one left. */
    @Test
    public void shouldTrainOnWithAnotherOptimizer() {
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        trainOnce(replica, Networks.parle(), model);
                        float[] first = Networks.values(model);
                        ReplicaOptimizer diloco =
                                Optimizer.diloco()
                                        .setLearningRateTracker(Tracker.fixed(0.001f))
                                        .optSyncEvery(5)
                                        .build();
                        trainOnce(replica, diloco, model);
                        Assert.assertNotEquals(Networks.values(model), first);
                    }
                });
    }

    @Test
    public void shouldNotRunTwice() {
        Replicas replicas = Replicas.builder().build(1);
        replicas.run(replica -> {});
        Assert.assertThrows(IllegalStateException.class, () -> replicas.run(replica -> {}));
        Assert.assertThrows(
                IllegalArgumentException.class, () -> Replicas.run(0, Collections::singleton));
    }
}
