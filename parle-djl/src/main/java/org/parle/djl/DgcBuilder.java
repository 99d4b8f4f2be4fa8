package org.parle.djl;

/**
 * Builds deep gradient compression: q = top-k of (d + e) ; e ← (d + e) − q ; x ← x − η·mean of q.
 */
public final class DgcBuilder extends ReplicaBuilder<DgcBuilder> {

    DgcBuilder() {
        super("dgc");
    }

    /**
     * Sets the part of each parameter's entries that is sent; 0.001 by default.
     *
     * @param keep above 0, to 1
     * @return this builder
     */
    public DgcBuilder optKeep(double keep) {
        return opt("keep", keep);
    }

    /**
     * Sets whether the velocity is zeroed where it was sent; true by default.
     *
     * @param masking false to keep it
     * @return this builder
     */
    public DgcBuilder optMomentumMasking(boolean masking) {
        return opt("momentumMasking", masking);
    }
}
