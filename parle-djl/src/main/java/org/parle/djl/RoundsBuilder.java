package org.parle.djl;

/**
 * What builders have in common of optimizers whose replicas meet after rounds of several steps: how
 * long rounds are, and when their means are applied.
 *
 * @param <T> the builder itself
 */
public abstract class RoundsBuilder<T extends RoundsBuilder<T>> extends InnerBuilder<T> {

    RoundsBuilder(String name) {
        super(name);
    }

    /**
     * Sets D; 0 by default. The mean of a synchronisation is waited for and applied D steps later;
     * these steps are kept. Of Parle, for the coupling consensus only.
     *
     * @param steps from 0 to below L
     * @return this builder
     */
    public T optSyncDelay(int steps) {
        return opt("syncDelay", steps);
    }

    /**
     * Makes every step up to this one a synchronisation, with a plain mean (post-local SGD, arXiv
     * 1808.07217); 0 by default.
     *
     * @param steps at least 0
     * @return this builder
     */
    public T optLocalAfter(int steps) {
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
    public T optSyncGrowth(float q) {
        return opt("syncGrowth", q);
    }
}
