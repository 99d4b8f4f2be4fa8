package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

import org.parle.djl.option.Option;

import java.util.List;

/**
 * Deep gradient compression (arXiv 1712.01887), from all to all: the largest entries of each
 * tensor, the others kept.
 *
 * <pre>
 * q = top-k of (d + e) ;  e ← (d + e) − q ;  x ← x − η·mean over replicas of q
 * momentumMasking    v ← 0 where q ≠ 0, after d was formed
 * </pre>
 */
final class Dgc extends AllToAll {

    private static final Compression COMPRESSION = Compression.only("top-k").with("keep", 0.001);

    private final boolean masking;

    Dgc(Context context) {
        super(context, COMPRESSION);
        masking = context.options().flag("momentumMasking") && inner.velocity() != null;
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        inner.direction(gradient, 1);
        descend(gradient, rate);
        if (masking) {
            try (NDArray kept = gradient.eq(0);
                    NDArray mask = kept.toType(DataType.FLOAT32, false)) {
                inner.velocity().muli(mask);
            }
        }
    }

    /** {@code dgc}. */
    public static final class Provider implements OptimizerProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "dgc";
        }

        @Override
        public String summary() {
            return "all to all, the largest entries, the others kept (arXiv 1712.01887)";
        }

        @Override
        public List<Option> options() {
            return CommonOptions.withSgd(
                    COMPRESSION.options(
                            Option.flag("momentumMasking", "velocity is zeroed where it was sent")
                                    .byDefault(true)));
        }

        @Override
        public Algorithm create(Context context) {
            return new Dgc(context);
        }
    }
}
