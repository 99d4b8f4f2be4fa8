package org.parle.djl;

import ai.djl.engine.Engine;

import org.parle.djl.topology.Topology;

import java.net.URLClassLoader;
import java.util.Map;

/** Finds one of each kind from threads whose class loaders see less, or another library. */
final class ContextMain {

    private ContextMain() {}

    public static void main(String[] args) throws Exception {
        // DJL looks for engines in the context class loader only
        Engine.getInstance();
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        try (URLClassLoader copy = Copies.ofTheClassPath()) {
            thread.setContextClassLoader(
                    Boolean.getBoolean("copy") ? copy : ClassLoader.getPlatformClassLoader());
            for (int i = 0; i < 2; i++) {
                Optimizer.named(
                        "diloco", Map.of("learningRate", 0.1, "compressor", "top-k", "keep", 0.5));
                Topology.named("path", 2);
            }
            System.out.println("processes: " + Replicas.processes());
        } finally {
            thread.setContextClassLoader(own);
        }
    }
}
