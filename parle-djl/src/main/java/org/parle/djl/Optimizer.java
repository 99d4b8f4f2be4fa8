package org.parle.djl;

import org.parle.djl.algorithm.OptimizerProvider;

import java.util.Map;

/**
 * DJL's optimizers, and those that couple replicas: import this class instead of DJL's, and
 * everything that {@code Optimizer.sgd()} or {@code Optimizer.adam()} gave is still there.
 *
 * <pre>
 * ReplicaOptimizer optimizer = Optimizer.parle().setLearningRateTracker(Tracker.fixed(0.1f)).build();
 * config.optOptimizer(optimizer).addTrainingListeners(optimizer);
 * </pre>
 *
 * <p>Defaults and ranges of all options are in {@link #providers()} and in the documentation of
 * each algorithm.
 */
public abstract class Optimizer extends ai.djl.training.optimizer.Optimizer {

    /**
     * Creates an optimizer.
     *
     * @param builder what DJL's own base class takes
     */
    protected Optimizer(OptimizerBuilder<?> builder) {
        super(builder);
    }

    /**
     * Parle (arXiv 1707.00424): replicas that follow a smoothed loss, coupled every L steps.
     *
     * @return a builder
     */
    public static ParleBuilder parle() {
        return new ParleBuilder("parle");
    }

    /**
     * Entropy-SGD (arXiv 1611.01838): Parle with one replica.
     *
     * @return a builder
     */
    public static ParleBuilder entropySgd() {
        return new ParleBuilder("entropy-sgd");
    }

    /**
     * Elastic-SGD (arXiv 1412.6651): replicas pulled to their mean at every step.
     *
     * @return a builder
     */
    public static ElasticSgdBuilder elasticSgd() {
        return new ElasticSgdBuilder();
    }

    /**
     * SGD with Nesterov momentum on the mean of all replicas' gradients. {@code sgd()} stays DJL's
     * own.
     *
     * @return a builder
     */
    public static ReplicaOptimizer.Builder dataParallelSgd() {
        return new ReplicaOptimizer.Builder("sgd");
    }

    /**
     * Local SGD (arXiv 1805.09767): replicas on their own, averaged every L steps.
     *
     * @return a builder
     */
    public static LocalSgdBuilder localSgd() {
        return new LocalSgdBuilder("local-sgd");
    }

    /**
     * DiLoCo (arXiv 2311.08105): local AdamW steps and an outer Nesterov step.
     *
     * @return a builder
     */
    public static LocalSgdBuilder diloco() {
        return new LocalSgdBuilder("diloco");
    }

    /**
     * D-PSGD (arXiv 1705.09056): replicas on a graph, each takes the mean over its neighbours.
     *
     * @return a builder
     */
    public static DecentralizedSgdBuilder decentralizedSgd() {
        return new DecentralizedSgdBuilder();
    }

    /**
     * CHOCO-SGD (arXiv 1902.00340, 1907.09356): replicas on a graph, compressed differences.
     *
     * @return a builder
     */
    public static GossipBuilder chocoSgd() {
        return new GossipBuilder("choco-sgd");
    }

    /**
     * DCD-PSGD (arXiv 1803.06443): replicas on a graph, compressed differences of weights that
     * follow their copies.
     *
     * @return a builder
     */
    public static GossipBuilder dcdSgd() {
        return new GossipBuilder("dcd-sgd");
    }

    /**
     * ECD-PSGD (arXiv 1803.06443): replicas on a graph, compressed extrapolations; the compressor
     * must be unbiased.
     *
     * @return a builder
     */
    public static GossipBuilder ecdSgd() {
        return new GossipBuilder("ecd-sgd");
    }

    /**
     * DeepSqueeze (arXiv 1907.07346): replicas on a graph, compressed weights, errors kept.
     *
     * @return a builder
     */
    public static GossipBuilder deepSqueeze() {
        return new GossipBuilder("deep-squeeze");
    }

    /**
     * EF-SignSGD (arXiv 1901.09847), from all to all: one bit for each weight, errors kept.
     *
     * @return a builder
     */
    public static ReplicaOptimizer.Builder efSignSgd() {
        return new ReplicaOptimizer.Builder("ef-sign-sgd");
    }

    /**
     * Deep gradient compression (arXiv 1712.01887), from all to all: the largest entries only.
     *
     * @return a builder
     */
    public static DgcBuilder dgc() {
        return new DgcBuilder();
    }

    /**
     * Makes any optimizer by name, also one that another library brings through {@link
     * java.util.ServiceLoader}.
     *
     * @param name for example {@code local-sgd}
     * @param options by name: numbers, booleans or strings; {@code learningRate} is required, and
     *     may be a DJL {@code Tracker}
     * @return the optimizer
     * @throws IllegalArgumentException if the optimizer or an option is not known (the nearest
     *     names are suggested), a value is out of range, or the options do not fit together
     */
    public static ReplicaOptimizer named(String name, Map<String, ?> options) {
        ReplicaOptimizer.Builder builder = named(name);
        options.forEach(builder::opt);
        return builder.build();
    }

    /**
     * Returns a builder for any optimizer by name; {@link ReplicaBuilder#opt} sets its options.
     *
     * @param name for example {@code local-sgd}
     * @return a builder
     * @throws IllegalArgumentException if the optimizer is not known (the nearest names are
     *     suggested)
     */
    public static ReplicaOptimizer.Builder named(String name) {
        return new ReplicaOptimizer.Builder(name);
    }

    /**
     * Returns the optimizers that {@link #named(String)} finds.
     *
     * @return providers by name, sorted
     */
    public static Map<String, OptimizerProvider> providers() {
        return Providers.optimizers();
    }
}
