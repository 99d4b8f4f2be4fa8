package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.topology.Topology;

import java.util.ArrayList;
import java.util.List;

/** Options that several algorithms share, each described once. */
final class CommonOptions {

    static final String UPDATES_PER_EPOCH = "updatesPerEpoch";
    static final String TOPOLOGY = "topology";

    private CommonOptions() {}

    /** Returns the options of the inner step, and then those given. */
    static List<Option> withInner(String inner, Option... own) {
        List<Option> options = new ArrayList<>(List.of(own));
        options.addAll(
                List.of(
                        Option.choice("inner", "the step taken on every mini-batch", "sgd", "adamw")
                                .byDefault(inner),
                        Option.number("beta1", "adamw: decay of the mean of gradients")
                                .from(0)
                                .below(1)
                                .byDefault(0.9),
                        Option.number("beta2", "adamw: decay of the mean of squared gradients")
                                .from(0)
                                .below(1)
                                .byDefault(0.999),
                        Option.number("epsilon", "adamw: added to the root of that mean")
                                .above(0)
                                .byDefault(1e-8)));
        return withSgd(options.toArray(Option[]::new));
    }

    /** Returns the options of the Nesterov step, and then those given. */
    static List<Option> withSgd(Option... own) {
        List<Option> options = new ArrayList<>(List.of(own));
        options.add(
                Option.number("momentum", "sgd: μ of Nesterov's momentum")
                        .from(0)
                        .below(1)
                        .byDefault(0.9));
        options.addAll(Decay.options());
        options.add(
                Option.number("clipNorm", "longest gradient, over the whole model; 0 is off")
                        .from(0)
                        .byDefault(0));
        return List.copyOf(options);
    }

    static Option syncEvery(int byDefault) {
        return Option.integer("syncEvery", "L, steps from one synchronisation to the next")
                .from(1)
                .byDefault(byDefault);
    }

    static Option alpha(String byDefault) {
        return Option.number("alpha", "α, how slowly the average z follows the weights")
                .from(0)
                .upTo(1)
                .derived(byDefault);
    }

    static Option gamma() {
        return Option.number("gamma", "γ₀, start of the pull to the round's start; 0 is no pull")
                .from(0)
                .byDefault(100);
    }

    static Option gammaFloor() {
        return Option.number("gammaFloor", "least γ").from(0).byDefault(1);
    }

    static Option topology() {
        return Option.text(
                        TOPOLOGY,
                        "the graph of who talks to whom",
                        String.join(", ", Topology.names()) + ", or a file with a list of edges")
                .byDefault("ring");
    }

    static Option updatesPerEpoch() {
        return Option.integer(UPDATES_PER_EPOCH, "B, steps of one replica in an epoch")
                .from(1)
                .derived("from the data");
    }

    static Option langevinNoise() {
        return Option.number("langevinNoise", "ε, noise ε√(2η)·N(0,1) after each step")
                .from(0)
                .byDefault(0);
    }

    static Option outerLearningRate(String meaning) {
        return Option.number("outerLearningRate", meaning).above(0);
    }

    static Option outerMomentum(String meaning) {
        return Option.number("outerMomentum", meaning).from(0).below(1);
    }
}
