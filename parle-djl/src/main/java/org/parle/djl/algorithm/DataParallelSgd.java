package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.option.Option;

import java.util.List;

/**
 * SGD on several replicas that stay equal, bit for bit:
 *
 * <pre>g = mean over replicas of ∇f_a(w) + wd·w ;  w ← w − η d</pre>
 *
 * <p>d is Nesterov's direction ({@link Inner}). Of the model's length are w and the velocity.
 */
final class DataParallelSgd extends Algorithm {

    private final Communicator communicator;
    private final Inner inner;

    DataParallelSgd(Context context) {
        super(context);
        communicator = context.communicator();
        inner = Inner.sgd(context);
        state().equal(state().weights());
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        communicator.allReduceMean(gradient).await();
        inner.step(gradient, rate);
    }

    @Override
    public NDArray reference() {
        return state().weights();
    }

    @Override
    public long synchronisations() {
        return steps();
    }

    /** {@code sgd}. */
    public static final class Provider implements OptimizerProvider {

        /** Creates the provider; the service loader does. */
        public Provider() {}

        @Override
        public String name() {
            return "sgd";
        }

        @Override
        public String summary() {
            return "data-parallel SGD with Nesterov momentum, all replicas equal";
        }

        @Override
        public List<Option> options() {
            return CommonOptions.withSgd();
        }

        @Override
        public Algorithm create(Context context) {
            return new DataParallelSgd(context);
        }
    }
}
