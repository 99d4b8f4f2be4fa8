package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.schedule.Scoping;

import java.util.List;

/**
 * {@code entropy-sgd} (arXiv 1611.01838), as Parle's authors arrange it: Parle with one replica, no
 * ρ, and {@link MomentumCoupling}.
 */
public final class EntropySgdProvider implements OptimizerProvider {

    /** Creates the provider; the service loader does. */
    public EntropySgdProvider() {}

    @Override
    public String name() {
        return "entropy-sgd";
    }

    @Override
    public String summary() {
        return "one replica that follows a smoothed loss (arXiv 1611.01838)";
    }

    @Override
    public List<Option> options() {
        return CommonOptions.withSgd(
                CommonOptions.syncEvery(25),
                CommonOptions.alpha("0.75"),
                CommonOptions.gamma(),
                CommonOptions.gammaFloor(),
                CommonOptions.updatesPerEpoch(),
                CommonOptions.langevinNoise());
    }

    @Override
    public void check(Options options, int replicas) {
        if (options.number("alpha", 0) == 1) {
            throw new IllegalArgumentException(
                    "alpha=1 learns nothing: the average z would never move; choose less than 1");
        }
        if (replicas > 1) {
            throw new IllegalArgumentException(
                    "entropy-sgd trains one replica, not " + replicas + ": use parle for several");
        }
    }

    @Override
    public Algorithm create(Context context) {
        return new Parle(context, Inner.sgd(context), Scoping.NONE, Couplings.MOMENTUM);
    }
}
