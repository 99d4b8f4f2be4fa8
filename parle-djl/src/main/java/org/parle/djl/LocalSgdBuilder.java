package org.parle.djl;

/**
 * Builds local SGD or DiLoCo: every L steps d = x − mean of w^a ; M ← μ_o M + d ; x ← x − η_o (d +
 * μ_o M) ; w^a ← x.
 */
public final class LocalSgdBuilder extends InnerBuilder<LocalSgdBuilder> {

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
     * Sets D; 0 by default. The mean of a synchronisation is waited for and applied D steps later;
     * these steps are kept.
     *
     * @param steps from 0 to below L
     * @return this builder
     */
    public LocalSgdBuilder optSyncDelay(int steps) {
        return opt("syncDelay", steps);
    }

    /**
     * Makes every step up to this one a synchronisation, with a plain mean (post-local SGD, arXiv
     * 1808.07217); 0 by default.
     *
     * @param steps at least 0
     * @return this builder
     */
    public LocalSgdBuilder optLocalAfter(int steps) {
        return opt("localAfter", steps);
    }

    /**
     * Makes rounds grow as the learning rate falls: a round has (q/&eta;)&sup2; steps where that is
     * more than L, &eta; the rate of its first step, 10,000 at the most (the quadratic rule, arXiv
     * 2310.14423); 0, the default, is off.
     *
     * @param q at least 0
     * @return this builder
     */
    public LocalSgdBuilder optSyncGrowth(float q) {
        return opt("syncGrowth", q);
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
