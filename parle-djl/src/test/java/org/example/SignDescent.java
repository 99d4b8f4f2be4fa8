package org.example;

import ai.djl.ndarray.NDArray;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.algorithm.Context;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.option.Option;
import org.parle.djl.vector.Vectors;

import java.util.List;

/** A third party's optimizer: w ← w − η·scale·sign(mean gradient). */
public final class SignDescent implements OptimizerProvider {

    @Override
    public String name() {
        return "sign-descent";
    }

    @Override
    public String summary() {
        return "steps of one length";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.number("scale", "length of a step").above(0).byDefault(1));
    }

    @Override
    public Algorithm create(Context context) {
        return new Algorithm(context) {

            @Override
            protected void update(NDArray gradient, double rate) {
                context.communicator().allReduceMean(gradient).await();
                try (NDArray sign = gradient.sign()) {
                    double scale = context.options().number("scale");
                    Vectors.add(-rate * scale, sign, context.state().weights());
                }
            }

            @Override
            public NDArray reference() {
                return context.state().weights();
            }

            @Override
            public long synchronisations() {
                return steps();
            }
        };
    }
}
