package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.schedule.Scoping;
import org.parle.djl.vector.Layout;
import org.parle.djl.vector.Vectors;

import java.util.List;

/**
 * Local SGD (arXiv 1805.09767) and DiLoCo (arXiv 2311.08105), which differ in their defaults only.
 *
 * <pre>
 * every step       w^a ← inner step without a pull
 * every L steps    d = x − mean of w^a ;  M ← μ_o M + d ;  x ← x − η_o (d + μ_o M) ;  w^a ← x
 * </pre>
 *
 * <p>With a delay D the mean of s^a = w^a hides behind the next D steps, which are kept: at their
 * end x is made, and w^a ← w^a + (x − s^a) (related: Streaming DiLoCo, arXiv 2501.18512).
 *
 * <p>The inner state is kept. Of the model's length are w^a, x, M where μ_o is not 0, and the inner
 * step's own; the mean is taken in w^a itself, with a delay in two vectors more.
 */
final class LocalSgd extends Algorithm {

    private final State state;
    private final Mean means;
    private final Inner inner;
    private final Rounds rounds;
    private final WeightsMean weightsMean;
    private final NDArray hiddenMean;
    private final Hidden hidden;
    private final double outerRate;
    private final double outerMomentum;
    private final NDArray x;
    private final NDArray velocity;

    LocalSgd(Context context) {
        super(context);
        Options options = context.options();
        state = context.state();
        means = Means.of(context);
        inner = Inner.of(context);
        rounds = new Rounds(context, Scoping.NONE);
        weightsMean = new WeightsMean(context);
        outerRate = options.number("outerLearningRate");
        outerMomentum = options.number("outerMomentum");
        x = state.equal(state.likeWeights("reference"));
        velocity = outerMomentum == 0 ? null : state.equal(state.zeros("outerMomentum"));
        boolean delayed = Rounds.areDelayed(options);
        hiddenMean = delayed ? state.equal(state.likeWeights("mean")) : null;
        hidden = delayed ? new Hidden(state, means, hiddenMean) : null;
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        weightsMean.release();
        long k = steps();
        rounds.begin(k, rate);
        inner.step(gradient, rate);
        if (hidden != null && hidden.isDue(k)) {
            correct();
        }
        if (rounds.end(k)) {
            synchronise(k, state.weights());
        }
    }

    private void synchronise(long k, NDArray weights) {
        if (rounds.delay(k) > 0) {
            hidden.send(weights, k + rounds.delay(k));
        } else {
            means.start(weights);
            means.finish();
            if (rounds.isPlain(k)) {
                Vectors.copy(weights, x);
            } else {
                outerStep(weights);
                Vectors.copy(x, weights);
            }
        }
        rounds.synchronised();
    }

    private void outerStep(NDArray mean) {
        try (NDArray d = x.sub(mean)) {
            if (velocity != null) {
                Vectors.scale(outerMomentum, velocity);
                velocity.addi(d);
                Vectors.add(outerMomentum, velocity, d);
            }
            Vectors.add(-outerRate, d, x);
        }
    }

    /** w^a ← w^a + (x − s^a), with the x that the hidden mean brings. */
    @Override
    protected boolean correct() {
        if (hidden == null || !hidden.isUnderWay()) {
            return false;
        }
        weightsMean.release();
        hidden.receive();
        outerStep(hiddenMean);
        NDArray sent = hidden.sent();
        sent.muli(-1);
        sent.addi(x);
        state.weights().addi(sent);
        return true;
    }

    @Override
    public void settle() {
        means.finish();
    }

    @Override
    public NDArray reference() {
        return weightsMean.take();
    }

    @Override
    public long synchronisations() {
        return rounds.count();
    }

    private static List<Option> options(String inner, int every, double rate, double momentum) {
        return CommonOptions.withInner(
                inner,
                Compression.OF_MEANS.options(
                        Rounds.with(
                                CommonOptions.syncEvery(every),
                                CommonOptions.outerLearningRate("η_o, of the outer step")
                                        .byDefault(rate),
                                CommonOptions.outerMomentum("μ_o, of the outer step")
                                        .byDefault(momentum))));
    }

    /** What the two have in common. */
    private abstract static class Both implements OptimizerProvider {

        @Override
        public void check(Options options, int replicas) {
            Compression.OF_MEANS.check(options);
            Rounds.check(options);
        }

        @Override
        public List<String> warnings(Options options, Layout layout) {
            return Compression.OF_MEANS.warnings(options, layout);
        }

        @Override
        public Algorithm create(Context context) {
            return new LocalSgd(context);
        }
    }

    /** {@code local-sgd}. */
    public static final class Provider extends Both {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "local-sgd";
        }

        @Override
        public String summary() {
            return "replicas on their own, averaged every L steps (arXiv 1805.09767)";
        }

        @Override
        public List<Option> options() {
            return LocalSgd.options("sgd", 25, 1, 0);
        }
    }

    /** {@code diloco}. */
    public static final class DilocoProvider extends Both {

        /** Creates the provider; the service loader does. */
        public DilocoProvider() {}

        @Override
        public String name() {
            return "diloco";
        }

        @Override
        public String summary() {
            return "local AdamW steps and an outer Nesterov step (arXiv 2311.08105)";
        }

        @Override
        public List<Option> options() {
            return LocalSgd.options("adamw", 100, 0.7, 0.9);
        }
    }
}
