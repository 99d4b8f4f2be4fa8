package org.parle.djl;

/**
 * Builds local SGD or DiLoCo: every L steps d = x − mean of w^a ; M ← μ_o M + d ; x ← x − η_o (d +
 * μ_o M) ; w^a ← x.
 */
public final class LocalSgdBuilder extends RoundsBuilder<LocalSgdBuilder> {

    LocalSgdBuilder(String name) {
        super(name);
    }

    /**
     * Sets L; 25 by default, 100 for DiLoCo.
     *
     * @param steps from one synchronisation to the next, at least 1
     * @return this builder
     */
    public LocalSgdBuilder optSyncEvery(int steps) {
        return opt("syncEvery", steps);
    }

    /**
     * Sets &eta;_o of the outer step; 1 by default, 0.7 for DiLoCo.
     *
     * @param outerLearningRate above 0
     * @return this builder
     */
    public LocalSgdBuilder optOuterLearningRate(float outerLearningRate) {
        return opt("outerLearningRate", outerLearningRate);
    }

    /**
     * Sets &mu;_o of the outer step; 0 by default, 0.9 for DiLoCo.
     *
     * @param outerMomentum from 0 to below 1
     * @return this builder
     */
    public LocalSgdBuilder optOuterMomentum(float outerMomentum) {
        return opt("outerMomentum", outerMomentum);
    }
}
