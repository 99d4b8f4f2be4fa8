package org.parle.djl.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.Checkpoints;
import org.parle.djl.Optimizer;
import org.parle.djl.Replica;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.Replicas;
import org.parle.djl.vector.Fingerprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Trains one linear block that is wider than any buffer of Java's, and saves and resumes it. {@code
 * bench/large.sh} runs it.
 *
 * <pre>
 * LargeModel train SIDE sgd|parle|adamw STEPS [FOLDER SAVED_AT|resume]
 * LargeModel start SIDE           two replicas begin with equal weights
 * LargeModel save SIDE FOLDER     DJL's own file, of two blocks with half the weights each
 * </pre>
 */
public final class LargeModel {

    private LargeModel() {}

    /**
     * Does one of these.
     *
     * @param args which, and with what
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        int side = Integer.parseInt(args[1]);
        Engine.getInstance().setRandomSeed(1);
        switch (args[0]) {
            case "train" -> Replicas.run(1, replica -> train(replica, side, args));
            case "start" -> Replicas.run(2, replica -> start(replica, side));
            default -> save(side, Path.of(args[2]));
        }
    }

    private static Linear linear(int units) {
        return Linear.builder().setUnits(units).optBias(false).build();
    }

    private static ReplicaOptimizer optimizer(String name) {
        var rate = Tracker.fixed(1e-3f);
        if (name.equals("sgd")) {
            return Optimizer.dataParallelSgd().setLearningRateTracker(rate).build();
        }
        return Optimizer.parle()
                .setLearningRateTracker(rate)
                .optInner(name.equals("adamw") ? "adamw" : "sgd")
                .optSyncEvery(2)
                .optUpdatesPerEpoch(100)
                .build();
    }

    private static void train(Replica replica, int side, String[] args) throws Exception {
        long steps = Long.parseLong(args[3]);
        ReplicaOptimizer optimizer = optimizer(args[2]);
        Checkpoints checkpoints =
                args.length > 4 ? Checkpoints.builder().setFolder(Path.of(args[4])).build() : null;
        var config = new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer);
        if (checkpoints != null) {
            config.addTrainingListeners(checkpoints);
        }
        try (Model model = Model.newInstance("large", replica.devices()[0])) {
            model.setBlock(linear(side));
            try (Trainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(1, side - 1));
                long done = 0;
                if (checkpoints != null && args[5].equals("resume")) {
                    long begin = System.nanoTime();
                    done = checkpoints.resume(trainer);
                    say("resumed at step %d in %.1f s", done, seconds(begin));
                }
                for (long step = done + 1; step <= steps; step++) {
                    long begin = System.nanoTime();
                    step(trainer, step, side);
                    say("step %d took %.1f s, peak %.2f GB", step, seconds(begin), peak());
                    if (checkpoints != null && args[5].equals(String.valueOf(step))) {
                        begin = System.nanoTime();
                        checkpoints.save(trainer);
                        say("saved in %.1f s", seconds(begin));
                    }
                }
            }
            say("weights %s", fingerprint(model.getBlock()));
            say("peak %.2f", peak());
        }
    }

    private static void step(Trainer trainer, long step, int side) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList input = new NDList(manager.arange((float) side - 1).mul(step).sin());
            input.head().setName("input");
            NDList batch = new NDList(input.head().reshape(1, side - 1));
            NDArray label = manager.ones(new Shape(1, side));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList output = trainer.forward(batch);
                collector.backward(trainer.getLoss().evaluate(new NDList(label), output));
            }
            trainer.step();
        }
    }

    private static void start(Replica replica, int side) {
        var config = new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer("sgd"));
        try (Model model = Model.newInstance("large", replica.devices()[0])) {
            model.setBlock(linear(side));
            try (Trainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(1, side - 1));
                say("replica %d begins with %s", replica.getRank(), fingerprint(model.getBlock()));
            }
        }
    }

    /** DJL keeps each array in one of Java's for that. */
    private static void save(int side, Path folder) throws Exception {
        Block block = new SequentialBlock().add(linear(side / 2)).add(linear(side - 1));
        try (Model model = Model.newInstance("large", Device.cpu())) {
            model.setBlock(block);
            block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, side - 1));
            long begin = System.nanoTime();
            model.save(folder, "large");
            say("DJL saved %s in %.1f s", fingerprint(block), seconds(begin));
        }
        try (Model model = Model.newInstance("large", Device.cpu())) {
            model.setBlock(new SequentialBlock().add(linear(side / 2)).add(linear(side - 1)));
            long begin = System.nanoTime();
            model.load(folder, "large");
            say("DJL loaded %s in %.1f s", fingerprint(model.getBlock()), seconds(begin));
        }
    }

    private static String fingerprint(Block block) {
        StringBuilder all = new StringBuilder();
        for (var parameter : block.getParameters().values()) {
            try (NDArray flat = parameter.getArray().reshape(-1)) {
                all.append(Fingerprint.of(flat));
            }
        }
        return all.toString();
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** The most memory that this process has had, in GB, as the system counts it. */
    private static double peak() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e9;
            }
        }
        throw new IOException("the system does not say how much memory is used");
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
