package org.parle.djl.examples;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import org.parle.djl.Optimizer;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.Replicas;
import org.parle.djl.data.Sharding;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code parle train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Trains a network with coupled replicas, and ends with one single model.")
final class TrainCommand implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--dataset",
            defaultValue = "digits",
            description = "digits (drawn by this program), mnist or fashion-mnist")
    String dataset;

    @Option(
            names = "--data-dir",
            description =
                    "folder with the set's files in DJL's layout; without it DJL fetches them")
    Path dataDir;

    @Option(names = "--model", defaultValue = "lenet", description = "lenet")
    String model;

    @Option(names = "--replicas", defaultValue = "3", description = "how many replicas")
    int replicas;

    @Option(
            names = "--devices",
            split = ",",
            description =
                    "dealt out in turn: cpu, or GPUs as in 0,0,1,1 (default: all GPUs, or cpu)")
    String[] devices;

    @Option(names = "--workers", description = "replicas that compute at once (default: cores)")
    Integer workers;

    @Option(names = "--epochs", defaultValue = "3", description = "passes over a replica's data")
    int epochs;

    @Option(names = "--batch-size", defaultValue = "128", description = "items in a mini-batch")
    int batchSize;

    @Option(names = "--learning-rate", defaultValue = "0.1", description = "η at the start")
    double learningRate;

    @Option(
            names = "--drop-at",
            split = ",",
            defaultValue = "1,2",
            description = "epochs after which the rate drops")
    int[] dropAt;

    @Option(names = "--drop-factor", defaultValue = "0.1", description = "what it is multiplied by")
    double dropFactor;

    @Option(
            names = "--shard",
            defaultValue = "full",
            description =
                    "a replica's data: full, disjoint, reshuffled, fraction=F, dirichlet=A, sorted")
    String shard;

    @Option(names = "--seed", defaultValue = "1", description = "seed of everything random")
    int seed;

    @Option(
            names = "--batch-norm-batches",
            defaultValue = "10",
            description = "batches that each replica re-estimates batch-norm statistics on")
    int batchNormBatches;

    @Option(
            names = "--timeout",
            defaultValue = "1800",
            description = "seconds that a replica waits for others at the most")
    int timeout;

    @Option(names = "--train-size", defaultValue = "0", description = "items used, 0 for all")
    int trainSize;

    @Option(names = "--test-size", defaultValue = "0", description = "items used, 0 for all")
    int testSize;

    @Option(names = "--output", description = "folder that the model is saved to")
    Path output;

    @Option(names = "--optimizer", defaultValue = "parle", description = "see parle optimizers")
    String optimizer;

    Map<String, Object> optimizerOptions;
    Sharding sharding;

    /** Builds this run's optimizer; one for each trainer. */
    ReplicaOptimizer.Builder newOptimizer() {
        ReplicaOptimizer.Builder builder = Optimizer.named(optimizer);
        optimizerOptions.forEach(builder::opt);
        return builder.opt("learningRate", learningRate).optBatchNormBatches(batchNormBatches);
    }

    @Override
    public Integer call() throws IOException, TranslateException {
        check();
        Engine.getInstance().setRandomSeed(seed);
        Replicas.Builder builder =
                Replicas.builder().optSeed(seed).optTimeout(Duration.ofSeconds(timeout));
        if (workers != null) {
            builder.optWorkers(workers);
        }
        if (devices != null) {
            builder.optDevices(Arrays.stream(devices).map(this::device).toArray(Device[]::new));
        }
        Replicas all = builder.build(replicas);
        RandomAccessDataset train = load(Usage.TRAIN, trainSize);
        RandomAccessDataset test = load(Usage.TEST, testSize);
        Training training = new Training(this, train, test, spec.commandLine().getOut());
        Interrupts.onFirst(all::stop);
        boolean stopped = training.run(all);
        return stopped ? Parle.INTERRUPTED : 0;
    }

    private RandomAccessDataset load(Usage usage, int most) throws IOException, TranslateException {
        return DataSets.load(dataset, dataDir, usage, batchSize, most);
    }

    /** Refuses what can be refused before anything is loaded. */
    private void check() {
        oneOf("--dataset", dataset, "digits", "mnist", "fashion-mnist");
        oneOf("--model", model, "lenet");
        atLeast("--replicas", replicas, 1);
        atLeast("--epochs", epochs, 1);
        atLeast("--batch-size", batchSize, 1);
        atLeast("--timeout", timeout, 1);
        atLeast("--train-size", trainSize, 0);
        atLeast("--test-size", testSize, 0);
        for (int epoch : dropAt) {
            atLeast("--drop-at", epoch, 1);
        }
        if (!(dropFactor > 0)) {
            throw new IllegalArgumentException("--drop-factor must be above 0, not " + dropFactor);
        }
        sharding = Sharding.parse(shard);
        optimizerOptions = OptimizerOptions.given(spec.commandLine().getParseResult(), optimizer);
        newOptimizer().build();
        if (optimizer.equals("entropy-sgd") && replicas > 1) {
            throw new IllegalArgumentException(
                    "entropy-sgd trains one replica: add --replicas 1, or use --optimizer parle");
        }
    }

    private static void oneOf(String flag, String given, String... known) {
        if (!Arrays.asList(known).contains(given)) {
            throw new IllegalArgumentException(
                    flag + " must be " + String.join(", ", known) + ", not " + given);
        }
    }

    private static void atLeast(String flag, int given, int least) {
        if (given < least) {
            throw new IllegalArgumentException(
                    flag + " must be at least " + least + ", not " + given);
        }
    }

    private Device device(String name) {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        try {
            int gpus = Engine.getInstance().getGpuCount();
            int id = Integer.parseInt(name);
            if (id < 0 || id >= gpus) {
                throw new IllegalArgumentException(
                        "--devices: GPU " + id + " does not exist, this machine has " + gpus);
            }
            return Device.gpu(id);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--devices must be cpu, or GPU numbers as in 0,0,1,1, not " + name, e);
        }
    }
}
