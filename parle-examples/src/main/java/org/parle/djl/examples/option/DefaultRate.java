package org.parle.djl.examples.option;

import org.parle.djl.algorithm.OptimizerProvider;

/** The learning rate where none is given. */
public final class DefaultRate {

    static final String INNER = "inner";

    private static final double LEARNING_RATE = 0.1;
    private static final double ADAMW_LEARNING_RATE = 0.001;

    private DefaultRate() {}

    /** Returns the rate that suits an inner step, an optimizer's own where that is null. */
    public static double of(OptimizerProvider provider, Object inner) {
        Object step =
                provider.options().stream()
                        .filter(option -> option.name().equals(INNER))
                        .map(option -> inner == null ? option.defaultText() : inner)
                        .findFirst()
                        .orElse(null);
        return "adamw".equals(step) ? ADAMW_LEARNING_RATE : LEARNING_RATE;
    }
}
