package org.parle.djl;

/**
 * Builds an optimizer of replicas that are nodes of a graph and send their neighbours compressed
 * messages: CHOCO-SGD, DCD, ECD or DeepSqueeze.
 */
public final class GossipBuilder extends CompressingBuilder<GossipBuilder> {

    GossipBuilder(String name) {
        super(name);
    }

    /**
     * Sets who talks to whom; ring by default.
     *
     * @param nameOrFile {@code ring}, {@code torus}, {@code complete}, {@code star}, {@code
     *     exponential}, {@code expander}, {@code social}, or a file with a list of edges
     * @return this builder
     */
    public GossipBuilder optTopology(String nameOrFile) {
        return opt("topology", nameOrFile);
    }

    /**
     * Sets &gamma; of CHOCO-SGD and DeepSqueeze, how far a replica goes towards its neighbours. By
     * default it follows from the compressor: for CHOCO-SGD none 1, sign 0.45, top-k and random-k
     * min(1, 4&middot;keep); for DeepSqueeze none 1, sign 0.05, top-k and random-k keep/2; for qsgd
     * 1/(min(d/s&sup2;, &radic;d/s) + 1), for DeepSqueeze a tenth of it, with s = 2^bits &minus; 1
     * and d the entries of the largest parameter.
     *
     * @param consensusStep above 0
     * @return this builder
     */
    public GossipBuilder optConsensusStep(double consensusStep) {
        return opt("consensusStep", consensusStep);
    }
}
