package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.schedule.Scoping;
import org.parle.djl.vector.Layout;

import java.util.List;

/** {@code parle}: Parle with any of its couplings. */
public final class ParleProvider implements OptimizerProvider {

    private static final String OUTER_RATE = "outerLearningRate";
    private static final String OUTER_MOMENTUM = "outerMomentum";

    /** Creates the provider; the service loader does. */
    public ParleProvider() {}

    @Override
    public String name() {
        return "parle";
    }

    @Override
    public String summary() {
        return "replicas that follow a smoothed loss, coupled every L steps (arXiv 1707.00424)";
    }

    @Override
    public List<Option> options() {
        return CommonOptions.withInner("sgd", Compression.OF_MEANS.options(Rounds.with(own())));
    }

    private static Option[] own() {
        return new Option[] {
            Option.choice(
                            "coupling",
                            "how replicas are held together",
                            Couplings.NAMES.toArray(String[]::new))
                    .byDefault(Couplings.CONSENSUS),
            CommonOptions.syncEvery(25).orWord("auto"),
            CommonOptions.alpha("0.75 for proximal and momentum, 0 for the other two"),
            CommonOptions.gamma(),
            CommonOptions.gammaFloor(),
            Option.number("rho", "ρ₀, start of the coupling's force; 0 is no coupling")
                    .from(0)
                    .derived("100; 1 for momentum"),
            Option.number("rhoFloor", "least ρ").from(0).byDefault(0.1),
            CommonOptions.updatesPerEpoch(),
            CommonOptions.langevinNoise(),
            CommonOptions.outerLearningRate("η_o, scales the mean's progress (consensus)")
                    .byDefault(1),
            CommonOptions.outerMomentum("μ_o, carries the mean's progress on (consensus)")
                    .derived("0.5 where replicas are coupled, else 0")
        };
    }

    @Override
    public void check(Options options, int replicas) {
        String coupling = options.text("coupling");
        boolean gamma = options.number("gamma") > 0;
        boolean rho = rho(options) > 0;
        boolean consensus =
                Couplings.CONSENSUS.equals(coupling) || Couplings.DELAYED.equals(coupling);
        Compression.OF_MEANS.check(options);
        Rounds.check(options);
        if (Rounds.areDelayed(options) && !Couplings.CONSENSUS.equals(coupling)) {
            throw new IllegalArgumentException(
                    "syncDelay belongs to the coupling consensus, not to " + coupling);
        }
        if (options.number("alpha", 0) == 1) {
            throw new IllegalArgumentException(
                    "alpha=1 learns nothing: the average z would never move; choose less than 1");
        }
        if ("auto".equals(options.text("syncEvery")) && !gamma) {
            throw new IllegalArgumentException(
                    "syncEvery=auto follows γ, and gamma=0 is no γ: give syncEvery a number");
        }
        if (Couplings.PROXIMAL.equals(coupling) && rho && !gamma) {
            throw new IllegalArgumentException(
                    "coupling=proximal with rho but gamma=0 learns nothing: τ is 1, and replicas"
                            + " return to the reference; give gamma, or use elastic-sgd or"
                            + " coupling=consensus");
        }
        for (String outer : List.of(OUTER_RATE, OUTER_MOMENTUM)) {
            if (options.given(outer) && !consensus) {
                throw new IllegalArgumentException(
                        outer
                                + " belongs to the couplings consensus and delayed-consensus, not"
                                + " to "
                                + coupling);
            }
        }
    }

    @Override
    public List<String> warnings(Options options, Layout layout) {
        return Compression.OF_MEANS.warnings(options, layout);
    }

    @Override
    public Algorithm create(Context context) {
        Options options = context.options();
        double rho = rho(options);
        Scoping scoping =
                rho == 0
                        ? Scoping.NONE
                        : new Scoping(rho, options.number("rhoFloor"), context.stepsPerEpoch());
        return new Parle(context, Inner.of(context), scoping, options.text("coupling"));
    }

    private static double rho(Options options) {
        boolean momentum = Couplings.MOMENTUM.equals(options.text("coupling"));
        return options.number("rho", momentum ? 1 : 100);
    }
}
