package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

import org.parle.djl.option.Options;
import org.parle.djl.schedule.Scoping;
import org.parle.djl.vector.Pass;
import org.parle.djl.vector.Pieces;
import org.parle.djl.vector.Vectors;

/**
 * Parle (arXiv 1707.00424, equations 5a to 5c): replicas that each follow a smoothed loss, and are
 * held together every L steps.
 *
 * <pre>
 * every step       y ← inner step with p = (y − x^a)/γ      (5a)
 *                  z ← α z + (1−α) y                        (5b)
 * every L steps    a coupling makes the new x^a from z, and x, the reference   (5c)
 *                  y ← x^a ;  z ← x^a ;  t ← t+1
 * </pre>
 *
 * <p>γ and ρ are scoped ({@link Scoping}). Of the model's length are y, the velocity, x^a where
 * there is γ or the coupling needs it, z where α is not 0, and the coupling's own.
 */
final class Parle extends Algorithm {

    private final State state;
    private final Inner inner;
    private final Coupling coupling;
    private final Scoping gamma;
    private final Scoping rho;
    private final Rounds rounds;
    private final Hidden hidden;
    private final WeightsMean weightsMean;
    private final double alpha;
    private final double noise;
    private final NDArray y;
    private final NDArray start;
    private final NDArray average;

    /**
     * Makes the algorithm.
     *
     * @param context what it works with
     * @param inner the step on every mini-batch
     * @param rho the coupling's force, scoped
     * @param couplingName which coupling
     */
    Parle(Context context, Inner inner, Scoping rho, String couplingName) {
        super(context);
        Options options = context.options();
        this.inner = inner;
        this.rho = rho;
        state = context.state();
        y = state.weights();
        gamma =
                options.number("gamma") == 0
                        ? Scoping.NONE
                        : new Scoping(
                                options.number("gamma"),
                                options.number("gammaFloor"),
                                context.stepsPerEpoch());
        rounds = new Rounds(context, gamma);
        weightsMean = new WeightsMean(context);
        noise = options.number("langevinNoise");
        coupling = Couplings.named(couplingName, context, rho.present());
        hidden = coupling instanceof ConsensusCoupling consensus ? consensus.hidden() : null;
        alpha = options.number("alpha", coupling.defaultAlpha());
        start = gamma.present() || coupling.needsStart() ? state.likeWeights("roundStart") : null;
        average = alpha == 0 ? y : state.likeWeights("average");
    }

    @Override
    protected void update(NDArray gradient, double rate) {
        weightsMean.release();
        long k = steps();
        long t = rounds.count();
        rounds.begin(k, rate);
        double force = gamma.present() ? 1 / gamma.at(t) : 0;
        if (noise == 0) {
            inner.step(gradient, force, start, rate, this::average);
        } else {
            inner.step(gradient, force, start, rate, pass -> {});
            try (NDArray draw =
                    y.getManager()
                            .randomNormal(0f, 1f, y.getShape(), DataType.FLOAT32, y.getDevice())) {
                Vectors.add(noise * Math.sqrt(2 * rate), draw, y);
            }
            Pieces.each(y, this::average);
        }
        if (hidden != null && hidden.isDue(k)) {
            correct();
        }
        if (rounds.end(k)) {
            synchronise(k, t, rate);
        }
    }

    private void average(Pass pass) {
        if (alpha > 0) {
            pass.of(average).average(alpha, pass.of(y));
        }
    }

    private void synchronise(long k, long t, double rate) {
        if (alpha > 0) {
            Vectors.copy(average, y);
        }
        if (hidden != null && rounds.delay(k) > 0) {
            hidden.send(y, k + rounds.delay(k));
        } else {
            coupling.couple(y, start, tau(t), rho.at(t), rate, rounds.isPlain(k));
        }
        if (start != null) {
            Vectors.copy(y, start);
        }
        if (alpha > 0) {
            Vectors.copy(y, average);
        }
        rounds.synchronised();
    }

    /** Applies the mean of the newest synchronisation, whose t was one less. */
    @Override
    protected boolean correct() {
        if (hidden == null || !hidden.isUnderWay()) {
            return false;
        }
        weightsMean.release();
        hidden.receive();
        NDArray c = ((ConsensusCoupling) coupling).correction(tau(rounds.count() - 1));
        y.addi(c);
        if (alpha > 0) {
            average.addi(c);
        }
        if (start != null) {
            start.addi(c);
        }
        return true;
    }

    /** With a coupling whose reference is that of the newest synchronisation, one more is made. */
    @Override
    public boolean finish(double rate) {
        if (!coupling.followsWeights() && rounds.isOpen(steps())) {
            synchronise(steps(), rounds.count(), rate);
            return true;
        }
        return catchUp();
    }

    /** τ = (1/ρ) / (1/γ + 1/ρ). */
    private double tau(long t) {
        return rho.present() ? 1 / (1 + rho.at(t) / gamma.at(t)) : 0;
    }

    @Override
    public NDArray reference() {
        return coupling.followsWeights() ? weightsMean.take() : coupling.reference(start);
    }

    @Override
    public void settle() {
        coupling.settle();
    }

    @Override
    public long synchronisations() {
        return rounds.count();
    }
}
