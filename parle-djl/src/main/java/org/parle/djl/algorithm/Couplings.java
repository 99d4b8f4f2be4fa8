package org.parle.djl.algorithm;

import java.util.List;

/** The couplings of Parle's replicas by name. */
final class Couplings {

    static final String CONSENSUS = "consensus";
    static final String DELAYED = "delayed-consensus";
    static final String MOMENTUM = "momentum";
    static final String PROXIMAL = "proximal";
    static final List<String> NAMES = List.of(CONSENSUS, DELAYED, MOMENTUM, PROXIMAL);

    private Couplings() {}

    static Coupling named(String name, Context context, boolean coupled) {
        return switch (name) {
            case PROXIMAL -> new ProximalCoupling(context);
            case MOMENTUM -> new MomentumCoupling(context, coupled);
            case DELAYED -> new DelayedConsensusCoupling(context, coupled);
            default -> new ConsensusCoupling(context, coupled);
        };
    }
}
