package org.parle.djl;

/**
 * Builds D-PSGD: h_i = x_i − η d_i ; x_i ← Σ_j w_ij h_j, or in the other order x_i ← Σ_j w_ij x_j −
 * η d_i, whose exchange runs beside the next gradient.
 */
public final class DecentralizedSgdBuilder extends ReplicaBuilder<DecentralizedSgdBuilder> {

    DecentralizedSgdBuilder() {
        super("decentralized-sgd");
    }

    /**
     * Sets who talks to whom; ring by default.
     *
     * @param nameOrFile {@code ring}, {@code torus}, {@code complete}, {@code star}, {@code
     *     exponential}, {@code expander}, {@code social}, or a file with a list of edges
     * @return this builder
     */
    public DecentralizedSgdBuilder optTopology(String nameOrFile) {
        return opt("topology", nameOrFile);
    }

    /**
     * Sets whether the step comes before the mean.
     *
     * @param order {@code adapt-then-combine}, the default, or {@code adapt-with-combine}
     * @return this builder
     */
    public DecentralizedSgdBuilder optOrder(String order) {
        return opt("order", order);
    }
}
