package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.data.SyntheticDigits;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Replicas on several devices leave nothing behind, whatever crosses between them. */
public class DeviceLeaksTest {

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 512);
    private static final SyntheticDigits TEST = Networks.digits(Dataset.Usage.TEST, 64);

    @DataProvider
    public Object[][] optimizers() {
        return new Object[][] {
            {Optimizer.parle().optSyncEvery(2).opt("clipNorm", 0.5), 2},
            {Optimizer.dataParallelSgd().opt("clipNorm", 0.5), 2},
            {Optimizer.named("choco-sgd").opt("topology", "ring").opt("compressor", "sign"), 2},
            {Optimizer.named("choco-sgd").opt("topology", "ring").opt("compressor", "none"), 2},
            {Optimizer.parle().optSyncEvery(2).optDevicesPerReplica(2), 4},
        };
    }

    @Test(dataProvider = "optimizers")
    public void shouldLeaveNoManagersBehind(ReplicaBuilder<?> builder, int devices) {
        Device[] gpus = new Device[devices];
        for (int i = 0; i < devices; i++) {
            gpus[i] = SupposedGpu.gpu(i);
        }
        ReplicaOptimizer optimizer =
                builder.setLearningRateTracker(Tracker.fixed(0.01f)).optBatchNormBatches(1).build();
        Replicas.run(
                1,
                replica -> {
                    DefaultTrainingConfig config =
                            SupposedGpu.place(Networks.config(optimizer), gpus);
                    try (Model model = SupposedGpu.model("net", gpus[0])) {
                        model.setBlock(Networks.quiet());
                        try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                            trainer.initialize(Networks.INPUT);
                            Managed before = null;
                            for (Batch batch : trainer.iterateDataset(TRAIN)) {
                                EasyTrain.trainBatch(trainer, batch);
                                trainer.step();
                                batch.close();
                                if (trainer.getSteps() % 4 == 0) {
                                    EasyTrain.evaluateDataset(trainer, TEST);
                                    Assert.assertTrue(trainer.getConsensusDistance() >= 0);
                                    Managed now = Managed.now();
                                    Assert.assertEquals(now, before == null ? now : before);
                                    before = now;
                                }
                            }
                            Assert.assertEquals(trainer.getSteps(), 16);
                        }
                    }
                });
    }

    /** Nor does DJL's own trainer, for as long as the model lives. */
    @Test
    public void shouldLeaveNothingInTheModel() throws Exception {
        Device gpu = SupposedGpu.gpu(0);
        try (Model model = SupposedGpu.model("net", gpu)) {
            model.setBlock(Networks.quiet());
            Managed before = null;
            for (int i = 0; i < 3; i++) {
                ReplicaOptimizer optimizer = Networks.parle();
                DefaultTrainingConfig config =
                        SupposedGpu.place(Networks.config(optimizer), gpu)
                                .addTrainingListeners(optimizer);
                try (Trainer trainer = model.newTrainer(config)) {
                    trainer.initialize(Networks.INPUT);
                    EasyTrain.fit(trainer, 1, TEST, null);
                }
                Managed now = Managed.now();
                Assert.assertEquals(now, before == null ? now : before);
                before = now;
            }
        }
    }
}
