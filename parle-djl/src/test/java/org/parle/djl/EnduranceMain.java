package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListenerAdapter;

import org.parle.djl.data.Shard;
import org.parle.djl.data.Sharding;
import org.parle.djl.data.SyntheticDigits;
import org.parle.djl.monitor.RunLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process holds while much comes and goes in it, in a JVM of its own.
 *
 * <pre>
 * EnduranceMain steps replicas|plain N     a training of N steps, evaluated, logged, saved
 * EnduranceMain trainers replicas|plain N  N trainers, one after another, on one model
 * EnduranceMain runs replicas N            N runs, of which each third fails
 * </pre>
 *
 * <p>Arrays, managers and threads do not change from the first look to the last. Memory is looked
 * at where there is time for it to settle: from step 10,000 on, and from the middle of 100 or more
 * trainers or runs, there are at most 20 MB more.
 */
public final class EnduranceMain {

    private static final int PER_EPOCH = 5;
    private static final double MOST_MORE = 20;

    private final String way;
    private final int count;
    private final int every;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(int at, Managed managed, int threads, double megabytes) {

        boolean isLike(Sample other) {
            return managed.equals(other.managed) && threads == other.threads;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "at %d: %d arrays, %d managers, %d threads, %.0f MB",
                    at,
                    managed.arrays(),
                    managed.managers(),
                    threads,
                    megabytes);
        }
    }

    private EnduranceMain(String way, int count, int every) {
        this.way = way;
        this.count = count;
        this.every = every;
    }

    /**
     * Does one of them; exit status 1 if something grew.
     *
     * @param args which, through which door, and how many
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[2]);
        boolean steps = args[0].equals("steps");
        EnduranceMain main = new EnduranceMain(args[1], count, steps ? 1000 : count / 10);
        switch (args[0]) {
            case "steps" -> main.steps();
            case "trainers" -> main.trainers();
            default -> main.runs();
        }
        main.judge(String.join(" ", args), steps ? 10_000 : count >= 100 ? count / 2 : count + 1);
        // what the engine leaves running does not matter any more
        System.exit(0);
    }

    private void steps() throws Exception {
        Path folder = Files.createTempDirectory("endurance");
        SyntheticDigits train = Networks.digits(Dataset.Usage.TRAIN, 32 * PER_EPOCH);
        SyntheticDigits test = Networks.digits(Dataset.Usage.TEST, 32);
        try {
            Replicas.run(way.equals("plain") ? 1 : 2, one -> train(one, folder, train, test));
        } finally {
            try (var all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    private void train(Replica replica, Path folder, SyntheticDigits train, SyntheticDigits test)
            throws Exception {
        Shard shard = replica.shard(train, Sharding.parse("full"));
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config = Networks.config(optimizer);
        if (way.equals("plain")) {
            config.addTrainingListeners(optimizer);
        }
        if (replica.isFirst()) {
            config.addTrainingListeners(RunLog.builder().setFolder(folder.resolve("log")).build());
        }
        config.addTrainingListeners(
                Checkpoints.builder()
                        .setFolder(folder.resolve("checkpoints"))
                        .optEvery(500)
                        .optShard(shard)
                        .build(),
                new TrainingListenerAdapter() {
                    private int steps;

                    @Override
                    public void onEpoch(Trainer trainer) {
                        steps += PER_EPOCH;
                        if (steps % every == 0) {
                            sample(replica, steps);
                        }
                    }
                });
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer =
                        way.equals("plain")
                                ? model.newTrainer(config)
                                : replica.newTrainer(model, config)) {
            trainer.initialize(Networks.INPUT);
            EasyTrain.fit(trainer, count / PER_EPOCH, shard, test);
        }
    }

    /** Nothing else goes on meanwhile. */
    private void sample(Replica replica, int at) {
        replica.communicator().barrier().await();
        if (replica.isFirst()) {
            sample(at);
        }
        replica.communicator().barrier().await();
    }

    private void sample(int at) {
        System.gc();
        // one that was told to end takes a moment
        for (int wait = 0; wait < 50 && !samples.isEmpty(); wait++) {
            if (threads() <= samples.get(0).threads) {
                break;
            }
            LockSupport.parkNanos(100_000_000);
        }
        Sample sample = new Sample(at, Managed.now(), threads(), megabytes());
        samples.add(sample);
        System.out.println(sample);
    }

    private void trainers() throws Exception {
        try (Model model = PressedNetwork.model()) {
            for (int i = 1; i <= count; i++) {
                if (way.equals("plain")) {
                    ReplicaOptimizer optimizer = optimizer();
                    DefaultTrainingConfig config = PressedNetwork.config(optimizer);
                    config.addTrainingListeners(optimizer);
                    try (Trainer trainer = model.newTrainer(config)) {
                        train(trainer);
                    }
                } else {
                    Replicas.run(
                            1,
                            replica -> {
                                try (Trainer trainer =
                                        replica.newTrainer(
                                                model, PressedNetwork.config(optimizer()))) {
                                    train(trainer);
                                }
                            });
                }
                if (i % every == 0) {
                    sample(i);
                }
            }
        }
    }

    private static ReplicaOptimizer optimizer() {
        return Optimizer.named(
                "parle", Map.of("learningRate", 0.01, "syncEvery", 2, "updatesPerEpoch", 5));
    }

    private static void train(Trainer trainer) {
        trainer.initialize(PressedNetwork.INPUT);
        for (int step = 0; step < 5; step++) {
            PressedNetwork.step(trainer);
        }
    }

    private void runs() {
        Random random = new Random(3);
        int failed = 0;
        for (int i = 1; i <= count; i++) {
            int n = 2 + random.nextInt(3);
            int bad = i % 3 == 0 ? random.nextInt(n) : -1;
            int at = random.nextInt(5);
            try {
                Replicas.run(n, replica -> run(replica, replica.getRank() == bad ? at : -1));
            } catch (ReplicaException e) {
                if (bad < 0 || !e.getMessage().contains("as it should")) {
                    throw e;
                }
                failed++;
            }
            if (i % every == 0) {
                sample(i);
            }
        }
        if (failed != count / 3) {
            throw new IllegalStateException(failed + " runs failed, not " + count / 3);
        }
    }

    private static void run(Replica replica, int bad) {
        try (Model model = PressedNetwork.model();
                Trainer trainer = replica.newTrainer(model, PressedNetwork.config(optimizer()))) {
            trainer.initialize(PressedNetwork.INPUT);
            for (int step = 0; step < 5; step++) {
                if (step == bad) {
                    throw new IllegalStateException("it fails, as it should");
                }
                PressedNetwork.step(trainer);
            }
        }
    }

    private static int threads() {
        Set<Thread> own = new HashSet<>(Thread.getAllStackTraces().keySet());
        own.removeIf(thread -> thread.getThreadGroup() == null);
        own.removeIf(thread -> thread.getThreadGroup().getName().equals("system"));
        own.removeIf(thread -> thread.getName().startsWith("ForkJoinPool"));
        return own.size();
    }

    private static double megabytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
                }
            }
        } catch (IOException e) {
            // another system
        }
        return Double.NaN;
    }

    /** Compares all samples with the first, and their memory from one place on. */
    private void judge(String what, int settled) {
        Sample first = samples.get(0);
        for (Sample sample : samples) {
            if (!sample.isLike(first)) {
                throw new IllegalStateException(sample + ", and " + first);
            }
        }
        String more = "";
        List<Sample> late = samples.stream().filter(sample -> sample.at >= settled).toList();
        if (!late.isEmpty()) {
            double most = late.stream().mapToDouble(Sample::megabytes).max().orElseThrow();
            double grown = most - late.get(0).megabytes;
            if (!(grown <= MOST_MORE)) {
                throw new IllegalStateException(late.get(0) + " grew by " + grown + " MB");
            }
            more = String.format(Locale.ROOT, "; %.0f MB more from %d on", grown, settled);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d arrays, %d managers, %d threads from the first to the last%s%n",
                what,
                first.managed.arrays(),
                first.managed.managers(),
                first.threads,
                more);
    }
}
