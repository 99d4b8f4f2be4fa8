package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.vector.Vectors;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that an algorithm remembers from step to step: vectors of the model's length and counters, by
 * name. What is not in here must be derivable, so that whoever keeps this keeps everything.
 *
 * <p>Asking for a vector or counter that is not there yet makes it. An algorithm asks for all of
 * its own when it is made, so one that is made with a state from before goes on where that one
 * stood.
 *
 * <p>Used by one thread at a time.
 */
public final class State implements AutoCloseable {

    private final NDManager manager;
    private final NDArray weights;
    private final Map<String, NDArray> vectors = new LinkedHashMap<>();
    private final Map<String, Boolean> weightLike = new LinkedHashMap<>();
    private final Map<String, NDArray> equal = new LinkedHashMap<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private final Set<String> restored = new HashSet<>();
    private String source;

    /**
     * Creates an empty state.
     *
     * @param weights the vector being trained; it stays its owner's
     */
    public State(NDArray weights) {
        this.weights = weights;
        manager = weights.getManager().newSubManager(weights.getDevice());
        manager.setName("state");
    }

    /**
     * Returns the vector being trained.
     *
     * @return w, changed in place
     */
    public NDArray weights() {
        return weights;
    }

    /**
     * Returns a vector that starts as a copy of the weights.
     *
     * @param name its name
     * @return the vector, always the same
     */
    public NDArray likeWeights(String name) {
        return vectors.computeIfAbsent(
                name,
                key -> {
                    refuse("vector", key);
                    weightLike.put(key, true);
                    NDArray vector = manager.zeros(weights.getShape());
                    Vectors.copy(weights, vector);
                    return vector;
                });
    }

    /**
     * Returns a vector that starts at zero.
     *
     * @param name its name
     * @return the vector, always the same
     */
    public NDArray zeros(String name) {
        return vectors.computeIfAbsent(
                name,
                key -> {
                    refuse("vector", key);
                    weightLike.put(key, false);
                    return manager.zeros(weights.getShape());
                });
    }

    /**
     * Refuses vectors and counters that are not there yet, since those that are were brought back,
     * until it is called again.
     *
     * @param from where they come from, for the message; null to refuse nothing any more
     * @param counters the counters that were brought back; empty to refuse none
     */
    public void complete(String from, Set<String> counters) {
        source = from;
        restored.clear();
        restored.addAll(counters);
    }

    private void refuse(String what, String name) {
        if (source != null) {
            throw new IllegalStateException(
                    source
                            + " has no "
                            + what
                            + " \""
                            + name
                            + "\", which the algorithm needs: another version of it was saved");
        }
    }

    /**
     * Notes that a vector, or the weights, has the same bits on all replicas after each step, as
     * soon as communication in flight has ended. That is looked at from time to time.
     *
     * @param vector one of these
     * @return the same
     */
    public NDArray equal(NDArray vector) {
        String name = "weights";
        for (Map.Entry<String, NDArray> entry : vectors.entrySet()) {
            name = entry.getValue() == vector ? entry.getKey() : name;
        }
        equal.put(name, vector);
        return vector;
    }

    /**
     * Returns the vectors that have the same bits on all replicas.
     *
     * @return live vectors by name, in the order in which they were noted
     */
    public Map<String, NDArray> equalVectors() {
        return Collections.unmodifiableMap(equal);
    }

    /**
     * Returns a vector that can be derived anew, and is not remembered.
     *
     * @return a new vector of zeros, as long as the weights, freed with this state
     */
    public NDArray constant() {
        return manager.zeros(weights.getShape());
    }

    /**
     * Returns a counter.
     *
     * @param name its name
     * @return its value, 0 at start
     */
    public long counter(String name) {
        if (!restored.isEmpty() && !restored.contains(name)) {
            refuse("counter", name);
        }
        return counters.computeIfAbsent(name, key -> 0L);
    }

    /**
     * Sets a counter.
     *
     * @param name its name
     * @param value its new value
     */
    public void counter(String name, long value) {
        counters.put(name, value);
    }

    /**
     * Returns the vectors there are, but for the weights.
     *
     * @return live vectors by name, in the order in which they were asked for
     */
    public Map<String, NDArray> vectors() {
        return Map.copyOf(vectors);
    }

    /**
     * Returns whether a vector starts as a copy of the weights.
     *
     * @param name its name
     * @return false where it starts at zero
     */
    public boolean isLikeWeights(String name) {
        return weightLike.get(name);
    }

    /**
     * Returns the counters there are.
     *
     * @return values by name
     */
    public Map<String, Long> counters() {
        return Map.copyOf(counters);
    }

    /**
     * Carries this state over to weights that are laid out anew: each vector keeps the entries of
     * the parameters that stay; a new parameter's are its value where the vector holds weights, and
     * zero elsewhere.
     *
     * @param newWeights the weights laid out anew
     * @param mover copies the entries that stay from the first vector to the second
     * @return the new state; this one is closed by its owner
     */
    public State moveTo(NDArray newWeights, Mover mover) {
        State moved = new State(newWeights);
        vectors.forEach(
                (name, vector) ->
                        mover.move(
                                vector,
                                weightLike.get(name)
                                        ? moved.likeWeights(name)
                                        : moved.zeros(name)));
        moved.counters.putAll(counters);
        return moved;
    }

    /** Frees the vectors, but not the weights. */
    @Override
    public void close() {
        manager.close();
    }

    /** Copies the entries of the parameters that two layouts share. */
    @FunctionalInterface
    public interface Mover {

        /**
         * Copies from one vector to another.
         *
         * @param from a vector of the old layout
         * @param to a vector of the new layout
         */
        void move(NDArray from, NDArray to);
    }
}
