package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Option;

import java.util.List;

/**
 * EF-SignSGD (arXiv 1901.09847), from all to all: one bit for each weight, errors kept.
 *
 * <pre>q = sign-compressor of (η d + e) ;  e ← (η d + e) − q ;  x ← x − mean over replicas of q
 * </pre>
 *
 * <p>The rate is inside: what waits in e keeps the rate it was made with.
 */
final class EfSignSgd extends AllToAll {

    private static final Compression COMPRESSION = Compression.only("sign");

    EfSignSgd(Context context) {
        super(context, COMPRESSION);
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        inner.direction(gradient, rate);
        descend(gradient, 1);
    }

    /** {@code ef-sign-sgd}. */
    public static final class Provider implements OptimizerProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "ef-sign-sgd";
        }

        @Override
        public String summary() {
            return "all to all, one bit for each weight, errors kept (arXiv 1901.09847)";
        }

        @Override
        public List<Option> options() {
            return CommonOptions.withSgd();
        }

        @Override
        public Algorithm create(Context context) {
            return new EfSignSgd(context);
        }
    }
}
