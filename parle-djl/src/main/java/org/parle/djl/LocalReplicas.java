package org.parle.djl;

import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.Context;
import org.parle.djl.algorithm.State;
import org.parle.djl.comm.Communicator;
import org.parle.djl.compress.Draws;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Layout;
import org.parle.djl.vector.Vectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The replicas that one trainer drives, in step: usually one, and with several devices one for
 * each.
 */
final class LocalReplicas implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LocalReplicas.class);

    private final World world;
    private final ReplicaOptimizer optimizer;
    private final NDManager manager;
    private final List<Communicator> communicators;
    private final DeviceThreads threads;
    private List<ReplicaWeights> weights = List.of();
    private List<Algorithm> algorithms = List.of();
    private List<State> states = List.of();
    private OptionalInt updatesPerEpoch = OptionalInt.empty();
    private float learningRate;

    LocalReplicas(World world, ReplicaOptimizer optimizer, NDManager manager, int devices) {
        this.world = world;
        this.optimizer = optimizer;
        this.manager = manager;
        int each = optimizer.settings().devicesPerReplica();
        if (devices % each != 0) {
            throw new IllegalArgumentException(
                    each + " devices per replica do not divide the trainer's " + devices);
        }
        communicators = world.replicas(devices / each);
        threads = new DeviceThreads(communicators.size());
    }

    int count() {
        return communicators.size();
    }

    int devicesPerReplica() {
        return optimizer.settings().devicesPerReplica();
    }

    Layout layout() {
        return weights.isEmpty() ? new Layout(List.of(), List.of()) : main().model().layout();
    }

    ReplicaWeights main() {
        return weights.get(0);
    }

    List<ReplicaWeights> weights() {
        return weights;
    }

    /**
     * Lays the vectors out, at first or anew; state is kept by the parameters' names. Collective.
     *
     * @param names the trainable parameters, in the block's order
     * @param arrays for each device of the trainer the parameters' arrays
     * @param copied the parameters that TorchScript keeps to itself
     */
    void layOut(List<String> names, List<List<NDArray>> arrays, Set<String> copied) {
        boolean first = weights.isEmpty();
        if (!first) {
            leave(names);
        }
        List<ReplicaWeights> newWeights = new ArrayList<>();
        List<State> newStates = new ArrayList<>();
        int each = devicesPerReplica();
        for (int i = 0; i < count(); i++) {
            ReplicaWeights laidOut =
                    new ReplicaWeights(
                            manager, names, arrays.subList(i * each, (i + 1) * each), copied);
            newWeights.add(laidOut);
            newStates.add(
                    first
                            ? new State(laidOut.vector())
                            : states.get(i)
                                    .moveTo(
                                            laidOut.vector(),
                                            (from, to) ->
                                                    laidOut.model().move(from, layout(), to)));
        }
        Handshake.check(
                world.bodies(), optimizer.settings(), count(), newWeights.get(0).model().layout());
        states.forEach(State::close);
        weights.forEach(old -> old.close(Set.copyOf(names)));
        weights = newWeights;
        states = newStates;
        algorithms = List.of();
        if (first) {
            optimizer.settings().check(communicators.get(0).size());
            if (firstRank() == 0) {
                optimizer.settings().warnings(layout()).forEach(LOGGER::warn);
            }
            threads.each(
                    i -> {
                        communicators.get(i).broadcast(weights.get(i).vector(), 0).await();
                        weights.get(i).publish();
                    });
        }
    }

    /** Makes the algorithms where the state stands. */
    private void begin() {
        Algorithm[] made = new Algorithm[count()];
        threads.each(
                i ->
                        made[i] =
                                optimizer
                                        .settings()
                                        .provider()
                                        .create(
                                                new Context(
                                                        states.get(i),
                                                        communicators.get(i),
                                                        optimizer.settings().options(),
                                                        updatesPerEpoch,
                                                        layout(),
                                                        draws())));
        algorithms = List.of(made);
    }

    /** Returns what compressors draw from: the same on all replicas. */
    private Draws draws() {
        Draws given = optimizer.settings().draws();
        long seed = world.seed() == null ? 0 : world.seed();
        return given != null ? given : Draws.seeded(seed);
    }

    /**
     * Completes the state, and gives the parameters that leave the training the reference's values.
     */
    private void leave(List<String> staying) {
        NDArray reference = reference();
        Set<String> leaving = new HashSet<>(layout().names());
        leaving.removeAll(staying);
        weights.forEach(replica -> replica.settle(reference, leaving));
    }

    /**
     * Takes one mini-batch step on every replica, with the gradients since the last one.
     *
     * @param firstIsSum whether DJL's parameter server has added all gradients to the first
     *     device's
     * @param updatesPerEpoch the steps of an epoch, where known
     */
    void step(boolean firstIsSum, OptionalInt updatesPerEpoch) {
        List<FlatModel> models =
                weights.stream().flatMap(replica -> replica.models().stream()).toList();
        GradientMode.off(
                () -> {
                    step(
                            models.stream().map(model -> model.gradient().vector()).toList(),
                            firstIsSum,
                            updatesPerEpoch);
                    models.forEach(model -> model.gradient().clear());
                });
    }

    /**
     * Takes one mini-batch step on every replica, with gradients that were gathered.
     *
     * @param devices each device's gradient, which may be changed
     * @param firstIsSum whether DJL's parameter server has added all gradients to the first
     *     device's
     * @param updatesPerEpoch the steps of an epoch, where known
     */
    void step(List<NDArray> devices, boolean firstIsSum, OptionalInt updatesPerEpoch) {
        this.updatesPerEpoch = updatesPerEpoch;
        if (algorithms.isEmpty()) {
            begin();
        }
        long k = steps() + 1;
        float rate = optimizer.settings().tracker().getNewValue(Math.toIntExact(k));
        if (!(rate >= 0) || Float.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "the learning rate's tracker gave " + rate + " for step " + k);
        }
        learningRate = rate;
        List<NDArray> gradients =
                GradientMode.off(() -> Gradients.combine(devices, devicesPerReplica(), firstIsSum));
        threads.each(
                i -> {
                    prepare(gradients.get(i), i, k);
                    algorithms.get(i).step(gradients.get(i), rate);
                    weights.get(i).publish();
                });
        world.stepDone();
    }

    private void prepare(NDArray gradient, int i, long k) {
        if (!Vectors.finite(gradient)) {
            throw new TrainingDivergedException(
                    "training diverged: the gradient of replica "
                            + communicators.get(i).rank()
                            + " is not finite at step "
                            + k
                            + "; a smaller learning rate or clipNorm may help");
        }
        Vectors.scale(optimizer.rescale(), gradient);
        if (optimizer.clip() > 0) {
            try (NDArray clipped = gradient.clip(-optimizer.clip(), optimizer.clip())) {
                Vectors.copy(clipped, gradient);
            }
        }
    }

    /** Returns x, on the first replica's device. Collective. */
    NDArray reference() {
        if (algorithms.isEmpty()) {
            if (steps() == 0) {
                return main().vector();
            }
            begin();
        }
        NDArray[] references = new NDArray[count()];
        threads.each(i -> references[i] = algorithms.get(i).reference());
        return references[0];
    }

    /** Returns the mean over all replicas of ‖x_i − x̄‖, x̄ the mean of all x_i. Collective. */
    double consensusDistance() {
        double[] distances = new double[count()];
        threads.each(
                i ->
                        distances[i] =
                                ConsensusDistance.of(
                                        weights.get(i).vector(), communicators.get(i)));
        return distances[0];
    }

    /** Returns the length of the newest step's message to one receiver, 0 where it sent none. */
    long messageBits() {
        return algorithms.isEmpty() ? 0 : algorithms.get(0).messageBits();
    }

    /** Returns the bytes that went to each receiver so far. */
    long messageBytes() {
        return algorithms.isEmpty() ? 0 : algorithms.get(0).messageBytes();
    }

    /** Returns the newest step's η, 0 before the first. */
    double learningRate() {
        return learningRate;
    }

    long bytesSent() {
        return communicators.get(0).bytesSent();
    }

    long bytesReceived() {
        return communicators.get(0).bytesReceived();
    }

    long steps() {
        return states.isEmpty() ? 0 : states.get(0).counter(Algorithm.STEP);
    }

    long synchronisations() {
        return algorithms.isEmpty() ? 0 : algorithms.get(0).synchronisations();
    }

    /** Waits for communication in flight, so that the states are complete. Collective. */
    void settle() {
        if (!algorithms.isEmpty()) {
            threads.each(i -> algorithms.get(i).settle());
        }
    }

    /** Returns what each replica's algorithm remembers. */
    List<State> states() {
        return states;
    }

    Settings settings() {
        return optimizer.settings();
    }

    OptionalInt updatesPerEpoch() {
        return updatesPerEpoch;
    }

    /** Goes on with states that were filled. */
    void resumed(OptionalInt updates) {
        updatesPerEpoch = updates;
        weights.forEach(ReplicaWeights::publish);
        world.resumed(steps());
    }

    /** Returns how many replicas there are in all. */
    int total() {
        return communicators.get(0).size();
    }

    /** Returns the number of the first replica here among all. */
    int firstRank() {
        return communicators.get(0).rank();
    }

    @Override
    public void close() {
        if (steps() > 0 && synchronisations() == 0) {
            LOGGER.warn(
                    "the reference is still where training began: {} steps were taken, and none"
                            + " synchronised; train longer, or synchronise more often (syncEvery)",
                    steps());
        }
        GradientMode.off(
                () -> {
                    states.forEach(State::close);
                    weights.forEach(ReplicaWeights::close);
                });
        threads.close();
    }
}
