package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.State;
import org.parle.djl.comm.Communicator;
import org.parle.djl.job.Handshake;
import org.parle.djl.job.World;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/** The replicas that one trainer drives, in step: usually one, else one for each device. */
public final class LocalReplicas {

    private final World world;
    private final Settings settings;
    private final NDManager manager;
    private final List<Communicator> communicators;
    private final Gradients gradients;
    private final DeviceThreads threads;
    private List<ReplicaWeights> weights = List.of();
    private List<Algorithm> algorithms = List.of();
    private List<State> states = List.of();
    private OptionalInt updatesPerEpoch = OptionalInt.empty();
    private float learningRate;

    LocalReplicas(
            World world, Settings settings, NDManager manager, List<Communicator> communicators) {
        this.world = world;
        this.settings = settings;
        this.manager = manager;
        this.communicators = communicators;
        gradients = new Gradients(settings, communicators);
        threads = new DeviceThreads(communicators.size(), world.failure(), world.bodies().rank());
    }

    public int count() {
        return communicators.size();
    }

    Layout layout() {
        return weights.isEmpty() ? Layout.NONE : weights.get(0).model().layout();
    }

    public List<ReplicaWeights> weights() {
        return weights;
    }

    /** Lays the vectors out anew, with each device's arrays; state is kept by name. Collective. */
    void layOut(List<String> names, List<List<NDArray>> arrays, Set<String> copied) {
        boolean first = weights.isEmpty();
        if (!first) {
            leave(names);
        }
        List<ReplicaWeights> newWeights = new ArrayList<>();
        List<State> newStates = new ArrayList<>();
        int each = settings.devicesPerReplica();
        for (int i = 0; i < count(); i++) {
            ReplicaWeights own =
                    new ReplicaWeights(
                            manager, names, arrays.subList(i * each, (i + 1) * each), copied);
            newWeights.add(own);
            newStates.add(first ? new State(own.vector()) : own.move(states.get(i), layout()));
        }
        Layout layout = newWeights.get(0).model().layout();
        Handshake.compare(
                world.bodies(), Terms.of(world, settings, count(), layout, communicator().size()));
        states.forEach(State::close);
        weights.forEach(old -> old.close(Set.copyOf(names)));
        weights = newWeights;
        states = newStates;
        algorithms = List.of();
        if (first) {
            settings.begin(communicator(), layout());
            threads.each(
                    i -> {
                        communicators.get(i).broadcast(weights.get(i).vector(), 0).await();
                        weights.get(i).publish();
                    });
        }
    }

    /** Makes the algorithms where the state stands. */
    void begin() {
        Algorithm[] made = new Algorithm[count()];
        threads.each(
                i ->
                        made[i] =
                                settings.algorithm(
                                        states.get(i),
                                        gradients.checked(i),
                                        updatesPerEpoch,
                                        layout(),
                                        world.seed()));
        algorithms = List.of(made);
    }

    /** Completes the state; parameters that leave the training get the reference's values. */
    private void leave(List<String> staying) {
        settle();
        NDArray reference = reference();
        Set<String> leaving = new HashSet<>(layout().names());
        leaving.removeAll(staying);
        weights.forEach(replica -> replica.settle(reference, leaving));
    }

    /** Takes one mini-batch step, with each device's gradient, null for those since the last. */
    void step(List<NDArray> gathered, Consumer<List<NDArray>> separate, OptionalInt updates) {
        List<FlatModel> models =
                weights.stream().flatMap(replica -> replica.models().stream()).toList();
        GradientMode.off(
                () -> {
                    List<NDArray> own = gathered != null ? gathered : Gradients.of(models);
                    separate.accept(own);
                    updatesPerEpoch = updates;
                    step(gradients.combine(own));
                    if (gathered == null) {
                        models.forEach(model -> model.gradient().clear());
                    }
                });
    }

    private void step(List<NDArray> own) {
        if (algorithms.isEmpty()) {
            begin();
        }
        long k = steps() + 1;
        learningRate = settings.learningRate(k);
        threads.each(
                i -> {
                    gradients.step(i, own.get(i), algorithms.get(i), k, learningRate);
                    weights.get(i).publish();
                });
    }

    /** Returns x, on the first replica's device. Collective. */
    public NDArray reference() {
        if (!isBegun()) {
            return weights.get(0).vector();
        }
        NDArray[] references = new NDArray[count()];
        each(i -> references[i] = algorithms.get(i).reference());
        return references[0];
    }

    /** Returns whether steps were taken, with the algorithms made then. */
    private boolean isBegun() {
        if (algorithms.isEmpty() && steps() > 0) {
            begin();
        }
        return steps() > 0;
    }

    public Communicator communicator() {
        return communicators.get(0);
    }

    /** Returns the newest step's η, 0 before the first. */
    public double learningRate() {
        return learningRate;
    }

    public long steps() {
        return states.isEmpty() ? 0 : states.get(0).counter(Algorithm.STEP);
    }

    /** Waits for communication in flight, so that the states are complete. Collective. */
    void settle() {
        if (!algorithms.isEmpty()) {
            each(i -> algorithms.get(i).settle());
        }
    }

    /** Applies what is under way; says whether that changed x. Collective. */
    boolean catchUp() {
        return isBegun() && all(Algorithm::catchUp);
    }

    /** Has the replicas finish after their newest step; says whether that changed x. Collective. */
    boolean finish() {
        double rate =
                learningRate > 0 || !isBegun() ? learningRate : settings.learningRate(steps());
        return isBegun() && all(one -> one.finish(rate));
    }

    private boolean all(Predicate<Algorithm> work) {
        boolean[] changed = new boolean[count()];
        each(i -> changed[i] = work.test(algorithms.get(i)));
        weights.forEach(ReplicaWeights::publish);
        return changed[0];
    }

    /** Does something with each replica here, by its number, beside one another. */
    void each(IntConsumer work) {
        threads.each(
                i -> {
                    gradients.requireFinite(i);
                    work.accept(i);
                });
    }

    List<Communicator> communicators() {
        return communicators;
    }

    public List<Algorithm> algorithms() {
        return algorithms;
    }

    List<State> states() {
        return states;
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

    /** Frees the vectors; does nothing, and returns false, if a stuck thread still uses them. */
    boolean close() {
        if (!threads.stop()) {
            return false;
        }
        GradientMode.off(
                () -> {
                    states.forEach(State::close);
                    weights.forEach(ReplicaWeights::close);
                });
        return true;
    }
}
