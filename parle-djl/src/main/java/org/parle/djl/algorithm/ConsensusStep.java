package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.List;
import java.util.Map;

/**
 * γ of CHOCO-SGD and DeepSqueeze, {@code consensusStep}: how far a replica goes towards what its
 * neighbours published. What a compressor bears grows with what it keeps.
 *
 * <p>c = 1/(min(d/s², √d/s) + 1) with s = 2^bits − 1, of the largest tensor's d entries.
 */
final class ConsensusStep {

    /**
     * For compressed differences; on rings of 8 top-k bore 3·default at 1%, 1.25 at 10%.
     *
     * <p>An entry that random-k draws has waited T steps for it, geometric with mean 1/keep, and
     * moved by γλT: E(1 &minus; γλT)² &lt; 1 needs γλ &lt; keep, with λ = 4/3 on long rings.
     */
    static final ConsensusStep OF_DIFFERENCES =
            new ConsensusStep(0.45, 1, 4, 0.5, Map.of("random-k", 3.0), 1.25);

    /** For compressed weights; on rings of 8 replicas were nearest to one another at 4·default. */
    static final ConsensusStep OF_WEIGHTS = new ConsensusStep(0.05, 0.1, 0.5, 0.5, Map.of(), 4);

    private static final String NAME = "consensusStep";
    private static final List<String> KNOWN = List.of("none", "sign", "qsgd", "top-k", "random-k");

    private final double sign;
    private final double ofC;
    private final double ofTop;
    private final double ofRandom;
    private final Map<String, Double> margins;
    private final double margin;

    private ConsensusStep(
            double sign,
            double ofC,
            double ofTop,
            double ofRandom,
            Map<String, Double> margins,
            double margin) {
        this.sign = sign;
        this.ofC = ofC;
        this.ofTop = ofTop;
        this.ofRandom = ofRandom;
        this.margins = margins;
        this.margin = margin;
    }

    Option option() {
        return Option.number(NAME, "γ, how far to go towards the neighbours")
                .above(0)
                .derived(
                        "none 1, sign "
                                + sign
                                + ", qsgd "
                                + shown(ofC)
                                + "/(min(d/s², √d/s) + 1), top-k min(1, "
                                + shown(ofTop)
                                + "·keep), random-k "
                                + shown(ofRandom)
                                + "·keep");
    }

    private static String shown(double factor) {
        return factor == Math.rint(factor) ? String.valueOf((int) factor) : String.valueOf(factor);
    }

    /**
     * Requires a step for compressors of which nothing is known.
     *
     * @throws IllegalArgumentException if there is none
     */
    void check(Compression compression, Options options) {
        if (!options.given(NAME) && !KNOWN.contains(compression.name(options))) {
            throw new IllegalArgumentException(
                    "consensusStep is required with compressor "
                            + compression.name(options)
                            + ": no step is known to suit it; parle tune-consensus finds one");
        }
    }

    /** Returns γ. */
    double of(Compression compression, Options options, Layout layout) {
        return options.given(NAME) ? options.number(NAME) : byDefault(compression, options, layout);
    }

    private double byDefault(Compression compression, Options options, Layout layout) {
        Options own = compression.own(options);
        return switch (compression.name(options)) {
            case "none" -> 1;
            case "sign" -> sign;
            case "qsgd" -> ofC * c(own.integer("bits"), Compression.largest(layout));
            case "random-k" -> ofRandom * own.number("keep");
            default -> Math.min(1, ofTop * own.number("keep"));
        };
    }

    private static double c(int bits, double d) {
        double s = Math.pow(2, bits) - 1;
        return 1 / (Math.min(d / (s * s), Math.sqrt(d) / s) + 1);
    }

    /** Warns of a step above what the compressor is known to bear. */
    List<String> warnings(Compression compression, Options options, Layout layout) {
        String name = compression.name(options);
        if (!KNOWN.contains(name) || compression.isNone(options)) {
            return List.of();
        }
        double step = of(compression, options, layout);
        double most = margins.getOrDefault(name, margin) * byDefault(compression, options, layout);
        if (step <= most) {
            return List.of();
        }
        return List.of(
                String.format(
                        "consensusStep=%.4g may diverge with compressor %s: no more than %.4g is"
                                + " known to be stable",
                        step, name, most));
    }
}
