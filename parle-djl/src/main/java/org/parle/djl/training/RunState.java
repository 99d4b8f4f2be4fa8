package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.State;
import org.parle.djl.checkpoint.CheckpointException;
import org.parle.djl.checkpoint.Snapshot;
import org.parle.djl.checkpoint.Targets;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.GradientMode;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Takes all that a run consists of, as named arrays and counters, and puts it back. */
final class RunState {

    private static final String REFERENCE = "reference";
    private static final String OTHER = "other.";
    private static final String INPUT = "input.";
    private static final String WEIGHTS = "weights";
    private static final String LIKE_WEIGHTS = "like-weights.";
    private static final String FROM_ZERO = "from-zero.";
    private static final String UPDATES_PER_EPOCH = "updatesPerEpoch";

    private final Run run;
    private final LocalReplicas replicas;

    /** What belongs to no replica, live. */
    private final Map<String, NDArray> others;

    /** Looks at a run, which is laid out then. */
    RunState(Run run) {
        this.run = run;
        replicas = run.replicas();
        others = run.model().others();
    }

    private static String replica(int i) {
        return "replica." + i + '.';
    }

    /** Returns live arrays, complete. Collective. */
    Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        replicas.settle();
        // rank 0's is enough: it is there for runs with another number of replicas
        NDArray reference = replicas.reference();
        if (replicas.communicator().rank() == 0) {
            arrays.put(REFERENCE, reference);
        }
        for (int i = 0; i < replicas.count(); i++) {
            State state = replicas.states().get(i);
            String prefix = replica(i);
            arrays.put(prefix + WEIGHTS, replicas.weights().get(i).vector());
            new TreeMap<>(state.vectors())
                    .forEach(
                            (name, vector) ->
                                    arrays.put(
                                            prefix
                                                    + (state.isLikeWeights(name)
                                                            ? LIKE_WEIGHTS
                                                            : FROM_ZERO)
                                                    + name,
                                            vector));
        }
        others.forEach((name, array) -> arrays.put(OTHER + name, array));
        int batch = 0;
        for (NDList input : run.model().inputs().newest()) {
            for (int i = 0; i < input.size(); i++) {
                arrays.put(INPUT + batch + '.' + i, input.get(i));
            }
            batch++;
        }
        return arrays;
    }

    Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        for (int i = 0; i < replicas.count(); i++) {
            String prefix = replica(i);
            replicas.states()
                    .get(i)
                    .counters()
                    .forEach((name, value) -> counters.put(prefix + name, value));
        }
        replicas.updatesPerEpoch()
                .ifPresent(updates -> counters.put(UPDATES_PER_EPOCH, (long) updates));
        return counters;
    }

    /** Puts back what this rank kept, whose arrays are in their places. */
    void restore(Snapshot from) {
        for (int i = 0; i < replicas.count(); i++) {
            require(from, replica(i) + WEIGHTS);
            restoreCounters(from, i);
        }
        GradientMode.off(() -> restoreInputs(from));
        goOn(from);
    }

    /** Starts all replicas here from the reference, with vectors that begin anew. */
    void restoreReference(Snapshot from) {
        require(from, REFERENCE);
        NDArray reference = from.arrays().get(REFERENCE);
        GradientMode.off(
                () -> {
                    for (int i = 0; i < replicas.count(); i++) {
                        copy(reference, replicas.weights().get(i).vector());
                        restoreCounters(from, replicas.states().get(i), replica(0));
                    }
                });
        goOn(from);
    }

    /**
     * Says where what this rank kept goes.
     *
     * @param inputs given what has no place yet
     */
    Targets places(NDManager inputs) {
        return (name, shape, type) ->
                name.startsWith(INPUT)
                        ? inputs.create(shape, type)
                        : like(name, shape, place(name));
    }

    /** Says where the reference goes, and what belongs to no replica. */
    Targets referencePlaces() {
        return (name, shape, type) ->
                like(
                        name,
                        shape,
                        name.equals(REFERENCE)
                                ? replicas.weights().get(0).vector()
                                : name.startsWith(OTHER) ? place(name) : null);
    }

    private NDArray place(String name) {
        if (name.startsWith(OTHER)) {
            return others.get(name.substring(OTHER.length()));
        }
        for (int i = 0; i < replicas.count(); i++) {
            if (name.startsWith(replica(i))) {
                return place(i, name.substring(replica(i).length()));
            }
        }
        return null;
    }

    private NDArray place(int i, String name) {
        State state = replicas.states().get(i);
        if (name.startsWith(LIKE_WEIGHTS)) {
            return state.likeWeights(name.substring(LIKE_WEIGHTS.length()));
        }
        if (name.startsWith(FROM_ZERO)) {
            return state.zeros(name.substring(FROM_ZERO.length()));
        }
        return name.equals(WEIGHTS) ? replicas.weights().get(i).vector() : null;
    }

    private static NDArray like(String name, Shape shape, NDArray place) {
        if (place != null && !place.getShape().equals(shape)) {
            throw new CheckpointException(
                    "the checkpoint has other dimensions of " + name + ": it is another model's");
        }
        return place;
    }

    private void goOn(Snapshot from) {
        others.keySet().forEach(name -> require(from, OTHER + name));
        Long updates = from.counters().get(UPDATES_PER_EPOCH);
        run.resumed(
                updates == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(updates)));
        if (from.step() > 0) {
            // what the algorithm needs and the checkpoint lacks is found out now
            GradientMode.off(replicas::begin);
            replicas.states().forEach(state -> state.complete(null, Set.of()));
        }
    }

    private void restoreCounters(Snapshot from, int i) {
        State state = replicas.states().get(i);
        restoreCounters(from, state, replica(i));
        if (from.step() > 0) {
            state.complete("the checkpoint of step " + from.step(), counters(from, replica(i)));
        }
    }

    /** Those of a replica; none if an older version wrote them, which left zeros out. */
    private static Set<String> counters(Snapshot from, String prefix) {
        Set<String> names = new HashSet<>();
        for (String name : from.counters().keySet()) {
            if (name.startsWith(prefix)) {
                names.add(name.substring(prefix.length()));
            }
        }
        return names.contains(Algorithm.MESSAGE_BYTES) ? names : Set.of();
    }

    private static void restoreCounters(Snapshot from, State state, String prefix) {
        from.counters()
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(prefix)) {
                                state.counter(name.substring(prefix.length()), value);
                            }
                        });
    }

    private void restoreInputs(Snapshot from) {
        NDManager there = replicas.weights().get(0).vector().getManager();
        for (int batch = 0; from.arrays().containsKey(INPUT + batch + ".0"); batch++) {
            NDList input = new NDList();
            for (int i = 0; from.arrays().containsKey(INPUT + batch + '.' + i); i++) {
                input.add(DeviceDoor.near(from.arrays().get(INPUT + batch + '.' + i), there));
            }
            run.model().inputs().add(input);
            input.close();
        }
    }

    private static void require(Snapshot from, String name) {
        if (!from.arrays().containsKey(name)) {
            throw new CheckpointException(
                    "the checkpoint of step "
                            + from.step()
                            + " has no "
                            + name
                            + ": it is another model's");
        }
    }

    private static void copy(NDArray from, NDArray to) {
        if (from != to) {
            DeviceDoor.copy(from, to);
        }
    }
}
