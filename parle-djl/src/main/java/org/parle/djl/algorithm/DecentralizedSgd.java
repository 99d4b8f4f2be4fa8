package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Option;
import org.parle.djl.vector.Vectors;

/**
 * D-PSGD (arXiv 1705.09056): an SGD step, and the mean over the neighbours.
 *
 * <pre>
 * adapt-then-combine    h_i = x_i − η d_i ;  x_i ← Σ_j w_ij h_j
 * adapt-with-combine    x_i ← Σ_j w_ij x_j − η d_i
 * </pre>
 *
 * <p>The second order's exchange runs beside the next gradient, since x_j is known as the step
 * ends; the first one's is waited for. Messages are full floats. The second order has one more
 * vector of the model's length, Σ_j w_ij x_j.
 */
final class DecentralizedSgd extends Decentralized {

    private static final String WITH = "adapt-with-combine";

    private final NDArray mixed;

    DecentralizedSgd(Context context) {
        super(context, Compression.FULL);
        boolean with = WITH.equals(context.options().text("order"));
        // all start from the same weights: their first mean needs no exchange
        mixed = with ? context.state().likeWeights("mixed") : null;
    }

    @Override
    void advance(NDArray gradient, double rate) {
        NDArray target = x;
        if (mixed == null) {
            inner.step(gradient, rate);
        } else {
            inner.direction(gradient, -rate);
            Vectors.copy(mixed, x);
            x.addi(gradient);
            Vectors.copy(x, mixed);
            target = mixed;
        }
        Vectors.copy(x, gradient);
        Vectors.scale(gossip.ownWeight(), target);
        gossip.send(gradient, target, 1);
        if (mixed == null) {
            settle();
        }
    }

    /** {@code decentralized-sgd}. */
    public static final class Provider extends GossipProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {
            super(
                    "decentralized-sgd",
                    "SGD steps and the mean over neighbours on a graph (arXiv 1705.09056)",
                    Compression.FULL,
                    Option.choice(
                                    "order",
                                    "adapt-with-combine exchanges beside the next gradient",
                                    "adapt-then-combine",
                                    WITH)
                            .byDefault("adapt-then-combine"));
        }

        @Override
        public Algorithm create(Context context) {
            return new DecentralizedSgd(context);
        }
    }
}
