package org.parle.djl;

/**
 * Builds Parle or Entropy-SGD (which refuses what belongs to several replicas).
 *
 * <pre>
 * every step       y ← inner step with p = (y − x^a)/γ ;  z ← α z + (1−α) y
 * every L steps    a coupling makes the new x^a from z, and x, the reference ;  y ← x^a ;  z ← x^a
 * </pre>
 */
public final class ParleBuilder extends RoundsBuilder<ParleBuilder> {

    ParleBuilder(String name) {
        super(name);
    }

    /**
     * Sets how replicas are held together.
     *
     * @param coupling {@code consensus}, {@code delayed-consensus}, {@code proximal} (the paper's)
     *     or {@code momentum} (the authors' experiments)
     * @return this builder
     */
    public ParleBuilder optCoupling(String coupling) {
        return opt("coupling", coupling);
    }

    /**
     * Sets L; 25 by default.
     *
     * @param steps from one synchronisation to the next, at least 1
     * @return this builder
     */
    public ParleBuilder optSyncEvery(int steps) {
        return opt("syncEvery", steps);
    }

    /**
     * Makes L follow &gamma; and &eta;: L_t = max(1, &lfloor;&gamma;_t &eta; + &frac12;&rfloor;),
     * as the paper advises.
     *
     * @return this builder
     */
    public ParleBuilder optAutoSyncEvery() {
        return opt("syncEvery", "auto");
    }

    /**
     * Sets &alpha;; 0.75 by default for the couplings proximal and momentum, 0 for the other two.
     *
     * @param alpha from 0 to below 1
     * @return this builder
     */
    public ParleBuilder optAlpha(float alpha) {
        return opt("alpha", alpha);
    }

    /**
     * Sets &gamma;_0; 100 by default.
     *
     * @param gamma above 0, or 0 for no pull to the round's start
     * @return this builder
     */
    public ParleBuilder optGamma(float gamma) {
        return opt("gamma", gamma);
    }

    /**
     * Sets the least &gamma;; 1 by default.
     *
     * @param floor at least 0
     * @return this builder
     */
    public ParleBuilder optGammaFloor(float floor) {
        return opt("gammaFloor", floor);
    }

    /**
     * Sets &rho;_0; 100 by default, 1 for coupling momentum.
     *
     * @param rho above 0, or 0 for no coupling
     * @return this builder
     */
    public ParleBuilder optRho(float rho) {
        return opt("rho", rho);
    }

    /**
     * Sets the least &rho;; 0.1 by default.
     *
     * @param floor at least 0
     * @return this builder
     */
    public ParleBuilder optRhoFloor(float floor) {
        return opt("rhoFloor", floor);
    }

    /**
     * Sets B, from which &gamma; and &rho; fall; by default the data tell.
     *
     * @param updates the steps that one replica takes in an epoch, at least 1
     * @return this builder
     */
    public ParleBuilder optUpdatesPerEpoch(int updates) {
        return opt("updatesPerEpoch", updates);
    }

    /**
     * Sets &epsilon;: after each step y &larr; y + &epsilon;&radic;(2&eta;)&middot;N(0,1); 0 by
     * default.
     *
     * @param epsilon at least 0
     * @return this builder
     */
    public ParleBuilder optLangevinNoise(float epsilon) {
        return opt("langevinNoise", epsilon);
    }

    /**
     * Sets &eta;_o, which scales the mean's progress in the two consensus couplings; 1 by default.
     *
     * @param outerLearningRate above 0
     * @return this builder
     */
    public ParleBuilder optOuterLearningRate(float outerLearningRate) {
        return opt("outerLearningRate", outerLearningRate);
    }

    /**
     * Sets &mu;_o, which carries the mean's progress on in the two consensus couplings; 0.5 by
     * default where replicas are coupled.
     *
     * @param outerMomentum from 0 to below 1
     * @return this builder
     */
    public ParleBuilder optOuterMomentum(float outerMomentum) {
        return opt("outerMomentum", outerMomentum);
    }
}
