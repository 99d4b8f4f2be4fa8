package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.option.Options;
import org.parle.djl.vector.Pass;
import org.parle.djl.vector.Piece;
import org.parle.djl.vector.Pieces;
import org.parle.djl.vector.Vectors;

import java.util.function.Consumer;

/**
 * The step taken on every mini-batch, which the algorithms share; p is the algorithm's pull.
 *
 * <pre>
 * clipNorm   g ← g · min(1, clipNorm/‖g‖)         on the mini-batch gradient alone
 *
 * sgd        g ← g + wd·w + p ;  v ← μ v + g ;  d = g + μ v ;  w ← w − η d
 *
 * adamw      m ← β₁ m + (1−β₁) g ;  s ← β₂ s + (1−β₂) g² ;  m̂ = m/(1−β₁ᵏ) ;  ŝ = s/(1−β₂ᵏ)
 *            w ← w (1 − η wd) − η (m̂/(√ŝ + ε) + p)
 * </pre>
 *
 * sgd's direction is Nesterov's; adamw is Loshchilov and Hutter's (arXiv 1711.05101), k never
 * restarted. With decayBias=false wd is 0 for parameters of one dimension. All but the norm is one
 * pass over the vectors ({@link Pieces}).
 */
abstract class Inner {

    final Decay decay;
    private final double clipNorm;
    final State state;

    Inner(Context context) {
        state = context.state();
        decay = new Decay(context);
        clipNorm = context.options().number("clipNorm");
    }

    /** Returns the step that the option {@code inner} names. */
    static Inner of(Context context) {
        boolean adamw = "adamw".equals(context.options().text("inner"));
        return adamw ? new Adamw(context) : sgd(context);
    }

    static Sgd sgd(Context context) {
        return new Sgd(context);
    }

    /**
     * Takes the step without a pull.
     *
     * @param gradient the mini-batch gradient, which is changed
     * @param rate η
     */
    final void step(NDArray gradient, double rate) {
        step(gradient, 0, null, rate, pass -> {});
    }

    /**
     * Takes the step with the pull p = (w − x)·force.
     *
     * @param gradient the mini-batch gradient, which is changed
     * @param force of the pull, 0 for none
     * @param x where the pull goes
     * @param rate η
     * @param after what is done in the same pass, where the weights have moved
     */
    final void step(NDArray gradient, double force, NDArray x, double rate, Consumer<Pass> after) {
        clip(gradient);
        begin();
        Pieces.each(
                gradient,
                pass -> {
                    Piece goal = force == 0 ? null : pass.of(x);
                    move(pass, pass.of(state.weights()), pass.of(gradient), force, goal, rate);
                    after.accept(pass);
                });
    }

    final void clip(NDArray gradient) {
        if (clipNorm > 0) {
            Vectors.clip(clipNorm, gradient);
        }
    }

    /** Prepares what all entries of a step have in common. */
    void begin() {}

    abstract void move(Pass pass, Piece w, Piece g, double force, Piece x, double rate);

    /** The Nesterov direction, which the decentralised algorithms take without the step. */
    static final class Sgd extends Inner {

        private final double momentum;
        private final NDArray velocity;

        Sgd(Context context) {
            super(context);
            momentum = context.options().number("momentum");
            velocity = momentum == 0 ? null : state.zeros("velocity");
        }

        /**
         * Turns the mini-batch gradient into a multiple of d, and leaves the weights.
         *
         * @param g the mini-batch gradient, which becomes factor·d
         * @param factor what d is multiplied by, not 0
         */
        void direction(NDArray g, double factor) {
            clip(g);
            Pieces.each(
                    g,
                    pass -> direction(pass, pass.of(state.weights()), pass.of(g), 0, null, factor));
        }

        /** Returns v, null without momentum. */
        NDArray velocity() {
            return velocity;
        }

        @Override
        void move(Pass pass, Piece w, Piece g, double force, Piece x, double rate) {
            direction(pass, w, g, force, x, -rate);
            w.add(g);
        }

        private void direction(Pass pass, Piece w, Piece g, double force, Piece x, double factor) {
            decay.addTo(pass, w, g);
            if (force != 0) {
                g.addDifferenceOnce(force, w, x);
            }
            double scale = factor;
            if (momentum != 0) {
                Piece v = pass.of(velocity);
                v.scale(momentum);
                v.add(g);
                // f (g + μ v) as fμ (g/μ + v): one operation less, and no temporary vector
                g.scale(1 / momentum);
                g.add(v);
                scale *= momentum;
            }
            g.scale(scale);
        }
    }

    private static final class Adamw extends Inner {

        private final double beta1;
        private final double beta2;
        private final double epsilon;
        private final NDArray mean;
        private final NDArray square;
        private double scale;
        private double added;

        Adamw(Context context) {
            super(context);
            Options options = context.options();
            beta1 = options.number("beta1");
            beta2 = options.number("beta2");
            epsilon = options.number("epsilon");
            mean = state.zeros("gradientMean");
            square = state.zeros("gradientSquare");
        }

        @Override
        void begin() {
            long k = state.counter(Algorithm.STEP);
            double bias = Math.sqrt(1 - Math.pow(beta2, k));
            scale = bias / (1 - Math.pow(beta1, k));
            added = epsilon * bias;
        }

        @Override
        void move(Pass pass, Piece w, Piece g, double force, Piece x, double rate) {
            Piece m = pass.of(mean);
            Piece s = pass.of(square);
            m.mix(1 - beta1, g);
            g.multiply(g);
            s.mix(1 - beta2, g);
            // g is free: it becomes the denominator
            g.set(s);
            g.root();
            g.addNumber(added);
            Piece direction = pass.scratch();
            direction.set(m);
            direction.scale(scale);
            direction.divide(g);
            if (force != 0) {
                direction.addDifferenceOnce(force, w, x);
            }
            decay.shrink(pass, rate, w);
            w.add(-rate, direction);
        }
    }
}
