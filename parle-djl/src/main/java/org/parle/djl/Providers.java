package org.parle.djl;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Nearest;

import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds what the service loader offers. */
final class Providers {

    private Providers() {}

    static Map<String, OptimizerProvider> optimizers() {
        Map<String, OptimizerProvider> found = new TreeMap<>();
        // the library's own loader, since a replica's thread may have another context
        for (ClassLoader loader :
                new ClassLoader[] {
                    Providers.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
                }) {
            ServiceLoader.load(OptimizerProvider.class, loader)
                    .forEach(provider -> found.putIfAbsent(provider.name(), provider));
        }
        return Collections.unmodifiableMap(found);
    }

    static OptimizerProvider optimizer(String name) {
        Map<String, OptimizerProvider> found = optimizers();
        OptimizerProvider provider = found.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "no optimizer is called \""
                            + name
                            + "\": "
                            + Nearest.hint(name, found.keySet()));
        }
        return provider;
    }
}
