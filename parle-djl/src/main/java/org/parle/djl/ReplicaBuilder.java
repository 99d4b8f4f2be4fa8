package org.parle.djl;

import ai.djl.training.optimizer.Optimizer.OptimizerBuilder;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.compress.Draws;
import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.training.Settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the builders of all optimizers share. Values are checked by {@link #build}.
 *
 * @param <T> the builder itself
 */
public abstract class ReplicaBuilder<T extends ReplicaBuilder<T>> extends OptimizerBuilder<T> {

    private static final String LEARNING_RATE = "learningRate";

    private static final Option RATE =
            Option.number(LEARNING_RATE, "η, the learning rate").above(0);

    private final String name;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private Tracker tracker;
    private int devicesPerReplica = 1;
    private int batchNormBatches = 10;
    private Draws draws;

    /**
     * Creates a builder.
     *
     * @param name the optimizer's name
     * @throws IllegalArgumentException if there is no such optimizer
     * @throws IllegalStateException if this DJL is too old
     */
    protected ReplicaBuilder(String name) {
        DjlVersion.check();
        Providers.optimizer(name);
        this.name = name;
    }

    /**
     * Sets the learning rate &eta;, required. The tracker is asked once per mini-batch step, with
     * the number of the step, from 1.
     *
     * @param learningRateTracker gives &eta;, above 0
     * @return this builder
     */
    public T setLearningRateTracker(Tracker learningRateTracker) {
        tracker = learningRateTracker;
        return self();
    }

    /**
     * Sets &mu; of Nesterov's momentum in {@code inner=sgd}; 0.9 by default.
     *
     * @param momentum from 0 to below 1
     * @return this builder
     */
    public T optMomentum(float momentum) {
        return opt("momentum", momentum);
    }

    /**
     * Sets the weight decay; 0 by default. In sgd it is added to the gradient, in adamw it is apart
     * from the moments.
     *
     * @param weightDecays at least 0
     * @return this builder
     */
    @Override
    public T optWeightDecays(float weightDecays) {
        return opt("weightDecays", weightDecays);
    }

    /**
     * Sets whether parameters of one dimension decay too, which are biases and batch norm's scale
     * and shift; true by default.
     *
     * @param decayBias false to leave them out
     * @return this builder
     */
    public T optDecayBias(boolean decayBias) {
        return opt("decayBias", decayBias);
    }

    /**
     * Shortens gradients whose norm, over the whole model, is greater; 0, the default, is off.
     *
     * @param clipNorm the longest gradient
     * @return this builder
     */
    public T optClipNorm(float clipNorm) {
        return opt("clipNorm", clipNorm);
    }

    /**
     * Makes each d of a trainer's devices one data-parallel replica: its gradients are averaged,
     * and one step is counted. 1 by default: each device is a replica.
     *
     * @param devices d, which must divide the number of devices
     * @return this builder
     */
    public T optDevicesPerReplica(int devices) {
        if (devices < 1) {
            throw new IllegalArgumentException(
                    "devicesPerReplica must be at least 1, not " + devices);
        }
        devicesPerReplica = devices;
        return self();
    }

    /**
     * Sets on how many of its newest training batches each replica re-estimates the batch-norm
     * statistics of the reference; 10 by default. The reference has none of its own. 0 averages the
     * replicas' statistics, which is cheap and approximate. The inputs of that many batches are
     * kept in memory if the block has batch norm.
     *
     * @param batches at least 0
     * @return this builder
     */
    public T optBatchNormBatches(int batches) {
        if (batches < 0) {
            throw new IllegalArgumentException(
                    "batchNormBatches must be at least 0, not " + batches);
        }
        batchNormBatches = batches;
        return self();
    }

    /**
     * Sets an option by name.
     *
     * @param option its name, for example {@code syncEvery}
     * @param value a number, a boolean or a string; for {@code learningRate} also a {@link Tracker}
     * @return this builder
     */
    public T opt(String option, Object value) {
        if (LEARNING_RATE.equals(option)) {
            return setLearningRateTracker(
                    value instanceof Tracker given ? given : Tracker.fixed((float) rate(value)));
        }
        values.put(option, value);
        return self();
    }

    /** Replaces what compressors draw from, for tests that know every draw. */
    T draws(Draws known) {
        draws = known;
        return self();
    }

    private double rate(Object value) {
        return Options.of(name, List.of(RATE), Map.of(LEARNING_RATE, value)).number(LEARNING_RATE);
    }

    /**
     * Checks what was set and builds the optimizer. One optimizer serves one trainer.
     *
     * @return the optimizer
     * @throws IllegalArgumentException if the learning rate is missing, an option is not known or
     *     out of range, or options do not fit together
     */
    public ReplicaOptimizer build() {
        OptimizerProvider provider = Providers.optimizer(name);
        Options options = Options.of(name, provider.options(), values);
        if (tracker == null) {
            throw new IllegalArgumentException(
                    "learningRate is required: "
                            + name
                            + " needs setLearningRateTracker(Tracker.fixed(0.1f)), or learningRate"
                            + " among named options");
        }
        Settings settings =
                new Settings(
                        provider,
                        options,
                        tracker,
                        devicesPerReplica,
                        batchNormBatches,
                        draws,
                        1,
                        0);
        settings.check(1);
        return new ReplicaOptimizer(this, settings);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected T self() {
        return (T) this;
    }
}
