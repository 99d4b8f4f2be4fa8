package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;
import org.parle.djl.vector.Vectors;

import java.util.ArrayList;
import java.util.List;

/**
 * ECD-PSGD (arXiv 1803.06443, algorithm 2): compressed extrapolations, from which copies x̂_j are
 * estimated.
 *
 * <pre>
 * x' = Σ_j w_ij x̂_j − η d_i ;  s_i = (1 − k/2) x_i + (k/2) x'
 * x̂_j ← (1 − 2/k) x̂_j + (2/k) Q(s_j) for i and its neighbours ;  x_i = x'
 * </pre>
 *
 * <p>The compressor must be unbiased. Σ_j w_ij x̂_j is kept in the place of the copies, which start
 * at the initial weights. It is needed in the next step only: the exchange runs beside the next
 * gradient. One vector of the model's length more, that sum.
 */
final class EcdSgd extends Decentralized {

    private final NDArray mixed;

    EcdSgd(Context context) {
        super(context, DcdSgd.COMPRESSION);
        mixed = context.state().likeWeights("mixed");
    }

    @Override
    void advance(NDArray gradient, double rate) {
        double ahead = steps() / 2.0;
        inner.direction(gradient, -rate);
        gradient.addi(mixed);
        try (NDArray s = gradient.sub(x)) {
            Vectors.scale(ahead, s);
            s.addi(x);
            Vectors.copy(gradient, x);
            Vectors.scale(1 - 1 / ahead, mixed);
            gossip.send(s, mixed, 1 / ahead);
            Vectors.add(gossip.ownWeight() / ahead, s, mixed);
        }
    }

    /** {@code ecd-sgd}. */
    public static final class Provider extends GossipProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {
            super(
                    "ecd-sgd",
                    "neighbours on a graph, compressed extrapolations (arXiv 1803.06443)",
                    DcdSgd.COMPRESSION);
        }

        @Override
        public List<String> warnings(Options options, Layout layout) {
            List<String> all = new ArrayList<>(DcdSgd.fewBits(name(), options));
            if (isBiased(options)) {
                all.add(
                        "ecd-sgd ends at a wrong point with a biased compressor, as "
                                + DcdSgd.COMPRESSION.name(options)
                                + " is: give none, or qsgd or random-k with biased=false");
            }
            return all;
        }

        private static boolean isBiased(Options options) {
            return switch (DcdSgd.COMPRESSION.name(options)) {
                case "sign", "top-k" -> true;
                case "qsgd", "random-k" -> DcdSgd.COMPRESSION.own(options).flag("biased");
                default -> false;
            };
        }

        @Override
        public Algorithm create(Context context) {
            return new EcdSgd(context);
        }
    }
}
