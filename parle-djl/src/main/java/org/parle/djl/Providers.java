package org.parle.djl;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Services;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Finds the optimizers there are, those of other libraries among them. */
final class Providers {

    private Providers() {}

    static Map<String, OptimizerProvider> optimizers() {
        return Collections.unmodifiableMap(
                new TreeMap<>(Services.find(OptimizerProvider.class, OptimizerProvider::name)));
    }

    static OptimizerProvider optimizer(String name) {
        return Services.named("optimizer", name, optimizers());
    }
}
