package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.Vectors;

/**
 * CHOCO-SGD (arXiv 1902.00340, algorithm 2; with momentum arXiv 1907.09356): replicas gossip about
 * public copies x̂_j of one another's weights, kept up by compressed differences.
 *
 * <pre>
 * x_i ← x_i − η d_i + γ (m_i − x̂_i) ;  q_i = Q(x_i − x̂_i) ;  x̂_i ← x̂_i + q_i ;  m_i ← m_i + Σ_j w_ij q_j
 * </pre>
 *
 * <p>m_i = Σ_j w_ij x̂_j takes the place of the neighbours' copies; it and x̂_i start at 0. γ is
 * {@code consensusStep}. m of this step is needed in the next one only, so that its exchange runs
 * beside the next gradient. Two vectors of the model's length more, x̂_i and m_i.
 */
final class ChocoSgd extends Decentralized {

    private static final Compression COMPRESSION = Compression.byDefault("sign");

    private final double consensusStep;
    private final NDArray hat;
    private final NDArray mem;

    ChocoSgd(Context context) {
        super(context, COMPRESSION);
        consensusStep =
                ConsensusStep.OF_DIFFERENCES.of(COMPRESSION, context.options(), context.layout());
        hat = context.state().zeros("hat");
        mem = context.state().zeros("mem");
    }

    @Override
    void advance(NDArray gradient, double rate) {
        inner.step(gradient, rate);
        Vectors.copy(mem, gradient);
        gradient.subi(hat);
        Vectors.scale(consensusStep, gradient);
        x.addi(gradient);
        Vectors.copy(x, gradient);
        gradient.subi(hat);
        gossip.send(gradient, mem, 1);
        hat.addi(gradient);
        Vectors.add(gossip.ownWeight(), gradient, mem);
    }

    /** {@code choco-sgd}. */
    public static final class Provider extends GossipProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {
            super(
                    "choco-sgd",
                    "neighbours on a graph, compressed differences (arXiv 1902.00340, 1907.09356)",
                    COMPRESSION,
                    ConsensusStep.OF_DIFFERENCES);
        }

        @Override
        public Algorithm create(Context context) {
            return new ChocoSgd(context);
        }
    }
}
