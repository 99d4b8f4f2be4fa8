package org.parle.djl.topology;

import java.util.List;

/**
 * A family of graphs, one for each number of replicas that it exists for. The library brings its
 * own; others are found through {@link java.util.ServiceLoader}.
 *
 * <p>Called from any thread; an implementation holds no state.
 */
public interface TopologyProvider {

    /**
     * Returns the name a user gives.
     *
     * @return for example {@code ring}
     */
    String name();

    /**
     * Says what the graph looks like.
     *
     * @return one line
     */
    String summary();

    /**
     * Says which numbers of replicas the graph exists for.
     *
     * @return words that follow "it needs", for example {@code a square number of replicas}
     */
    default String sizes() {
        return "any number of replicas";
    }

    /**
     * Returns whether the graph exists.
     *
     * @param size the number of replicas, at least 1
     * @return true where {@link #edges} has an answer
     */
    default boolean exists(int size) {
        return true;
    }

    /**
     * Returns the graph's edges. Loops, and edges given twice or in both directions, are dropped by
     * the caller.
     *
     * @param size the number n of replicas, for which the graph {@link #exists}
     * @return pairs of ranks from 0 to n &minus; 1; together they connect all ranks
     */
    List<int[]> edges(int size);
}
