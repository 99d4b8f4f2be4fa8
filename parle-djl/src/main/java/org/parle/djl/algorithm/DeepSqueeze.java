package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * DeepSqueeze (arXiv 1907.07346): the weights themselves are sent compressed, and what the
 * compressor left out is sent with the next ones.
 *
 * <pre>
 * x_i ← x_i − η d_i ;  e_i ← e_i + x_i ;  q_i = Q(e_i) ;  e_i ← e_i − q_i ;  x_i ← x_i + γ (Σ_j w_ij q_j − q_i)
 * </pre>
 *
 * <p>γ is {@code consensusStep}; e starts at 0. The exchange is waited for. One vector of the
 * model's length more, e_i.
 */
final class DeepSqueeze extends Decentralized {

    private static final Compression COMPRESSION = Compression.byDefault("sign");

    private final double consensusStep;
    private final NDArray error;

    DeepSqueeze(Context context) {
        super(context, COMPRESSION);
        consensusStep =
                ConsensusStep.OF_WEIGHTS.of(COMPRESSION, context.options(), context.layout());
        error = context.state().zeros("error");
    }

    @Override
    void advance(NDArray gradient, double rate) {
        inner.step(gradient, rate);
        error.addi(x);
        Vectors.copy(error, gradient);
        gossip.send(gradient, x, consensusStep);
        error.subi(gradient);
        Vectors.add(consensusStep * (gossip.ownWeight() - 1), gradient, x);
        settle();
    }

    /** {@code deep-squeeze}. */
    public static final class Provider extends GossipProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {
            super(
                    "deep-squeeze",
                    "neighbours on a graph, compressed weights, errors kept (arXiv 1907.07346)",
                    COMPRESSION,
                    ConsensusStep.OF_WEIGHTS);
        }

        @Override
        public Algorithm create(Context context) {
            return new DeepSqueeze(context);
        }
    }
}
