package org.parle.djl.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.parle.djl.Optimizer;
import org.parle.djl.Replica;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.Replicas;
import org.parle.djl.data.Shard;
import org.parle.djl.data.SyntheticDigits;
import org.parle.djl.examples.network.LeNet;

import java.util.concurrent.TimeUnit;

/**
 * The time of 100 mini-batch steps of each replica, LeNet at batch 128, one engine thread for each
 * replica: with as many cores as replicas it should not grow with their number.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 7)
public class ReplicasBenchmark {

    private static final int STEPS = 100;

    /** How many replicas. */
    @Param({"1", "2"})
    public int replicas;

    private SyntheticDigits digits;

    /** Creates the benchmark; JMH does. */
    public ReplicasBenchmark() {}

    /**
     * Draws the digits.
     *
     * @throws Exception if that fails
     */
    @Setup
    public void open() throws Exception {
        digits =
                SyntheticDigits.builder()
                        .optUsage(Dataset.Usage.TRAIN)
                        .optSize(STEPS * 128)
                        .setSampling(128, false)
                        .build();
        digits.prepare();
    }

    /** Trains. */
    @Benchmark
    public void hundredSteps() {
        // as many workers as cores: then each replica's engine has one thread
        int cores = Runtime.getRuntime().availableProcessors();
        Replicas.builder().optWorkers(cores).optEngineThreads(1).build(replicas).run(this::body);
    }

    private void body(Replica replica) throws Exception {
        try (Model model = Model.newInstance("lenet", Device.cpu())) {
            model.setBlock(LeNet.block());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(new Device[] {Device.cpu()})
                            .optOptimizer(
                                    Optimizer.parle()
                                            .setLearningRateTracker(Tracker.fixed(0.1f))
                                            .optBatchNormBatches(0)
                                            .build());
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(128).addAll(LeNet.INPUT));
                Shard shard = replica.shard(digits);
                for (Batch batch : trainer.iterateDataset(shard)) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                }
            }
        }
    }
}
