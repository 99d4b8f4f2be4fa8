package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.tracker.Tracker;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A gradient that is not finite, of the second of two replicas at step 2: on a supposed GPU nobody
 * waits for the answer, and nothing leaves the replica all the same.
 */
public class LateCheckTest {

    private static final Device[] GPUS = {SupposedGpu.gpu(1), SupposedGpu.gpu(2)};
    private static final String MESSAGE =
            "training diverged: the gradient of replica 1 is not finite at step 2; a smaller"
                    + " learning rate or clipNorm may help";

    /** The newest step that came to its end. */
    private long completed;

    /** Trains two replicas up to step 2, and then does something. */
    private final class Training {

        private final Model model;
        private final ReplicaTrainer trainer;
        private long taken;

        Training(Model model, ReplicaTrainer trainer) {
            this.model = model;
            this.trainer = trainer;
        }

        void step() {
            long k = ++taken;
            try (NDManager batch = trainer.getManager().newSubManager()) {
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    for (int i = 0; i < GPUS.length; i++) {
                        NDManager there = batch.newSubManager(trainer.getDevices()[i]);
                        float value = i == 1 && k == 2 ? Float.NaN : 0.5f;
                        NDArray input = there.full(Networks.INPUT, value);
                        NDArray output = trainer.forward(new NDList(input)).head();
                        collector.backward(output.square().sum());
                    }
                }
                trainer.step();
            }
            completed = k;
        }

        float[] weights(int replica) {
            return trainer.getWeights(replica).toFloatArray();
        }
    }

    private void diverges(
            long steps, ReplicaBuilder<?> builder, Device[] devices, Consumer<Training> body) {
        ReplicaOptimizer optimizer =
                builder.setLearningRateTracker(Tracker.fixed(0.01f)).optBatchNormBatches(0).build();
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.run(
                                        1,
                                        replica -> {
                                            DefaultTrainingConfig config =
                                                    SupposedGpu.place(
                                                            Networks.config(optimizer), devices);
                                            Model model = SupposedGpu.model("net", devices[0]);
                                            model.setBlock(Networks.quiet());
                                            try (model) {
                                                ReplicaTrainer trainer =
                                                        replica.newTrainer(model, config);
                                                trainer.initialize(Networks.INPUT);
                                                try (trainer) {
                                                    Training training =
                                                            new Training(model, trainer);
                                                    training.step();
                                                    body.accept(training);
                                                }
                                                Assert.fail("nobody noticed");
                                            }
                                        }));
        Assert.assertEquals(completed, steps);
        Assert.assertEquals(e.getCause().getClass(), TrainingDivergedException.class);
        Assert.assertEquals(e.getCause().getMessage(), MESSAGE);
    }

    private static LocalSgdBuilder every(int steps) {
        return Optimizer.localSgd().optSyncEvery(steps);
    }

    private static void requireFinite(float[] values) {
        for (float value : values) {
            Assert.assertTrue(Float.isFinite(value));
        }
    }

    private static void fails(Runnable work) {
        TrainingDivergedException e =
                Assert.expectThrows(TrainingDivergedException.class, work::run);
        Assert.assertEquals(e.getMessage(), MESSAGE);
        throw e;
    }

    /** Between synchronisations one step later, and the step that is named is the one it was. */
    @Test
    public void shouldLookAStepLater() {
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    training.step();
                    fails(training::step);
                });
    }

    /** Where the host computes itself there is nothing to wait for. */
    @Test
    public void shouldLookAtOnceOnTheCpu() {
        diverges(
                1, every(10), new Device[] {SupposedGpu.gpu(1), Device.cpu()}, t -> fails(t::step));
    }

    @Test
    public void shouldLookBeforeAMeanIsTaken() {
        for (ReplicaBuilder<?> builder :
                List.of(
                        every(2),
                        Optimizer.dataParallelSgd(),
                        Optimizer.decentralizedSgd(),
                        Optimizer.parle().optSyncEvery(2).optUpdatesPerEpoch(8),
                        Optimizer.chocoSgd().opt("compressor", "sign"))) {
            diverges(
                    1,
                    builder,
                    GPUS,
                    training -> {
                        try {
                            fails(training::step);
                        } finally {
                            requireFinite(training.weights(0));
                        }
                    });
        }
    }

    @Test
    public void shouldLookBeforeTheReferenceIsTaken() {
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    training.step();
                    fails(training.trainer::getReference);
                });
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    training.step();
                    fails(training.trainer::getConsensusDistance);
                });
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    training.step();
                    try (NDManager there = training.trainer.getManager().newSubManager(GPUS[0])) {
                        NDList input = new NDList(there.ones(Networks.INPUT));
                        fails(() -> training.trainer.evaluate(input));
                    }
                });
    }

    /** A model that is closed, and saved, right after keeps what it had. */
    @Test
    public void shouldLookBeforeTheEnd() {
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    training.step();
                    float[] before = Networks.values(training.model);
                    try {
                        fails(training.trainer::close);
                    } finally {
                        float[] after = Networks.values(training.model);
                        requireFinite(after);
                        Assert.assertEquals(after, before);
                    }
                });
    }

    @Test
    public void shouldSaveNothingOfIt() throws Exception {
        Path folder = Files.createTempDirectory("parle");
        diverges(
                2,
                every(10),
                GPUS,
                training -> {
                    Checkpoints checkpoints = Checkpoints.builder().setFolder(folder).build();
                    training.step();
                    fails(() -> checkpoints.save(training.trainer));
                });
        try (Stream<Path> files = Files.list(folder)) {
            Assert.assertEquals(files.toList(), new ArrayList<>());
        }
    }
}
