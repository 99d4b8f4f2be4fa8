package org.parle.djl;

/**
 * What the builders of optimizers with a choice of inner step share.
 *
 * @param <T> the builder itself
 */
public abstract class InnerBuilder<T extends InnerBuilder<T>> extends CompressingBuilder<T> {

    /**
     * Creates a builder.
     *
     * @param name the optimizer's name
     */
    protected InnerBuilder(String name) {
        super(name);
    }

    /**
     * Sets the step taken on every mini-batch.
     *
     * @param inner {@code sgd}, with Nesterov momentum, or {@code adamw}
     * @return this builder
     */
    public T optInner(String inner) {
        return opt("inner", inner);
    }

    /**
     * Sets adamw's decay of the mean of gradients; 0.9 by default.
     *
     * @param beta1 from 0 to below 1
     * @return this builder
     */
    public T optBeta1(float beta1) {
        return opt("beta1", beta1);
    }

    /**
     * Sets adamw's decay of the mean of squared gradients; 0.999 by default.
     *
     * @param beta2 from 0 to below 1
     * @return this builder
     */
    public T optBeta2(float beta2) {
        return opt("beta2", beta2);
    }

    /**
     * Sets what adamw adds to the root of that mean; 1e-8 by default.
     *
     * @param epsilon above 0
     * @return this builder
     */
    public T optEpsilon(float epsilon) {
        return opt("epsilon", epsilon);
    }
}
