package org.parle.djl.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.parle.djl.Optimizer;
import org.parle.djl.ReplicaOptimizer;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One call of {@code trainer.step()} in DJL's own trainer, after a real backward pass, which is not
 * timed: DJL's Sgd with momentum and AdamW against ours, on the same parameters.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class StepBenchmark {

    /** {@code djl-sgd} and {@code djl-adamw} are DJL's own; the others are ours. */
    @Param({"djl-sgd", "sgd", "elastic-sgd", "parle", "parle-proximal", "djl-adamw", "adamw"})
    public String optimizer;

    /** LeNet's 14 tensors, or 100 tensors with 10 million parameters. */
    @Param({"lenet", "100-tensors"})
    public String parameters;

    private Model model;
    private Trainer trainer;

    /** Creates the benchmark; JMH does. */
    public StepBenchmark() {}

    /** Makes model and trainer. */
    @Setup(Level.Trial)
    public void open() {
        model = Model.newInstance("bench", Device.cpu());
        JniUtils.setNumThreads(1);
        model.setBlock(new ParametersOnly(ParametersOnly.shapes(parameters)));
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.l2Loss()).optDevices(new Device[] {Device.cpu()});
        Tracker rate = Tracker.fixed(1e-6f);
        if (optimizer.equals("djl-sgd")) {
            config.optOptimizer(
                    Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f).build());
        } else if (optimizer.equals("djl-adamw")) {
            config.optOptimizer(Optimizer.adamW().optLearningRateTracker(rate).build());
        } else {
            ReplicaOptimizer ours = ours();
            config.optOptimizer(ours).addTrainingListeners(ours);
        }
        trainer = model.newTrainer(config);
        trainer.initialize();
    }

    private ReplicaOptimizer ours() {
        Map<String, Object> options =
                switch (optimizer) {
                    case "parle" -> Map.of("updatesPerEpoch", 469);
                    // DJL's AdamW decays by 0.01, too
                    case "adamw" -> Map.of("inner", "adamw", "weightDecays", 0.01);
                    case "parle-proximal" -> Map.of("updatesPerEpoch", 469, "coupling", "proximal");
                    default -> Map.of();
                };
        ReplicaOptimizer.Builder builder = Optimizer.named(name());
        options.forEach(builder::opt);
        return builder.opt("learningRate", 1e-6).build();
    }

    private String name() {
        return switch (optimizer) {
            case "parle-proximal" -> "parle";
            case "adamw" -> "local-sgd";
            default -> optimizer;
        };
    }

    /** Backpropagates, so that the gradients are where a step finds them. */
    @Setup(Level.Invocation)
    public void backward() {
        try (NDManager pass = trainer.getManager().newSubManager();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDList input = new NDList(pass.ones(new Shape(1)));
            collector.backward(trainer.forward(input).head());
        }
    }

    /** The step. */
    @Benchmark
    public void step() {
        trainer.step();
    }

    /** Closes what was opened. */
    @TearDown(Level.Trial)
    public void close() {
        trainer.close();
        model.close();
    }
}
