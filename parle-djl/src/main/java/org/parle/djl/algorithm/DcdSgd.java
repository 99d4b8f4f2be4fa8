package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;
import org.parle.djl.vector.Vectors;

import java.util.List;

/**
 * DCD-PSGD (arXiv 1803.06443, algorithm 1): compressed differences from copies x̂_j that each
 * replica's weights equal.
 *
 * <pre>
 * h = Σ_j w_ij x̂_j − η d_i ;  q_i = Q(h − x_i) ;  x̂_j ← x̂_j + q_j for i and its neighbours ;  x_i = x̂_i
 * </pre>
 *
 * <p>Σ_j w_ij x̂_j is kept in the place of the copies, which start at the initial weights. It is
 * needed in the next step only: the exchange runs beside the next gradient. One vector of the
 * model's length more, that sum.
 */
final class DcdSgd extends Decentralized {

    static final Compression COMPRESSION =
            Compression.byDefault("qsgd").with("bits", 8).with("biased", false);

    private static final int FEW_BITS = 4;

    private final NDArray mixed;

    DcdSgd(Context context) {
        super(context, COMPRESSION);
        mixed = context.state().likeWeights("mixed");
    }

    @Override
    void advance(NDArray gradient, double rate) {
        inner.direction(gradient, -rate);
        gradient.addi(mixed);
        gradient.subi(x);
        gossip.send(gradient, mixed, 1);
        x.addi(gradient);
        Vectors.add(gossip.ownWeight(), gradient, mixed);
    }

    /** Warns of bits that are too few, where x follows the copies and not the other way round. */
    static List<String> fewBits(String algorithm, Options options) {
        if (!"qsgd".equals(COMPRESSION.name(options))) {
            return List.of();
        }
        int bits = COMPRESSION.own(options).integer("bits");
        return bits > FEW_BITS
                ? List.of()
                : List.of(
                        algorithm
                                + " diverges on large tensors with bits="
                                + bits
                                + ": 8 is the default, choco-sgd bears fewer");
    }

    /** {@code dcd-sgd}. */
    public static final class Provider extends GossipProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {
            super(
                    "dcd-sgd",
                    "neighbours on a graph, compressed differences (arXiv 1803.06443)",
                    COMPRESSION);
        }

        @Override
        public List<String> warnings(Options options, Layout layout) {
            List<String> all = DcdSgd.fewBits(name(), options);
            return all.isEmpty() ? super.warnings(options, layout) : all;
        }

        @Override
        public Algorithm create(Context context) {
            return new DcdSgd(context);
        }
    }
}
