package org.parle.djl;

/** Builds Elastic-SGD: x^a ← inner step with p = (x^a − x)/ρ ; x ← mean of x^a, at every step. */
public final class ElasticSgdBuilder extends InnerBuilder<ElasticSgdBuilder> {

    ElasticSgdBuilder() {
        super("elastic-sgd");
    }

    /**
     * Sets &rho;, constant; 1 by default.
     *
     * @param rho above 0, or 0 for no pull
     * @return this builder
     */
    public ElasticSgdBuilder optRho(float rho) {
        return opt("rho", rho);
    }
}
