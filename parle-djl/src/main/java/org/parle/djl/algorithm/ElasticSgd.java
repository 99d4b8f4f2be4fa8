package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.List;

/**
 * Elastic-SGD, as in equation 1 of Parle (arXiv 1707.00424), after arXiv 1412.6651:
 *
 * <pre>x^a ← inner step with p = (x^a − x)/ρ ;  x ← mean over replicas of x^a        every step
 * </pre>
 *
 * <p>x is not needed before the next pull: the mean is taken beside the next gradient. Of the
 * model's length are x^a, x, and the inner step's own.
 */
final class ElasticSgd extends Algorithm {

    private final Mean means;
    private final Inner inner;
    private final double rho;
    private final NDArray weights;
    private final NDArray x;

    ElasticSgd(Context context) {
        super(context);
        means = Means.of(context);
        inner = Inner.of(context);
        rho = context.options().number("rho");
        weights = context.state().weights();
        x = state().equal(state().likeWeights("reference"));
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        settle();
        double force = rho > 0 ? 1 / rho : 0;
        inner.step(gradient, force, x, rate, pass -> pass.of(x).set(pass.of(weights)));
        means.start(x);
    }

    @Override
    public NDArray reference() {
        settle();
        return x;
    }

    @Override
    public void settle() {
        means.finish();
    }

    @Override
    public long synchronisations() {
        return steps();
    }

    /** {@code elastic-sgd}. */
    public static final class Provider implements OptimizerProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "elastic-sgd";
        }

        @Override
        public String summary() {
            return "replicas pulled to their mean at every step (arXiv 1412.6651)";
        }

        @Override
        public List<Option> options() {
            return CommonOptions.withInner(
                    "sgd",
                    Compression.OF_MEANS.options(
                            Option.number(
                                            "rho",
                                            "ρ, constant; the pull is (x^a − x)/ρ, 0 is no pull")
                                    .from(0)
                                    .byDefault(1)));
        }

        @Override
        public void check(Options options, int replicas) {
            Compression.OF_MEANS.check(options);
        }

        @Override
        public List<String> warnings(Options options, Layout layout) {
            return Compression.OF_MEANS.warnings(options, layout);
        }

        @Override
        public Algorithm create(Context context) {
            return new ElasticSgd(context);
        }
    }
}
