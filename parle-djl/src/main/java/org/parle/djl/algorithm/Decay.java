package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import org.parle.djl.option.Option;
import org.parle.djl.vector.Layout;
import org.parle.djl.vector.Pass;
import org.parle.djl.vector.Piece;

import java.util.List;

/**
 * Weight decay, of all parameters or of those with more than one dimension only: biases, and batch
 * norm's scale and shift, have one.
 */
final class Decay {

    private static final String DECAY = "weightDecays";
    private static final String BIAS = "decayBias";

    private final double decay;

    /** 1 where a parameter decays and 0 elsewhere, null where all do. */
    private final NDArray share;

    Decay(Context context) {
        decay = context.options().number(DECAY);
        boolean all = decay == 0 || context.options().flag(BIAS);
        share = all ? null : share(context.layout(), context.state().constant());
    }

    static List<Option> options() {
        return List.of(
                Option.number(DECAY, "weight decay").from(0).byDefault(0),
                Option.flag(
                                BIAS,
                                "whether parameters of one dimension decay too: biases, batch norm")
                        .byDefault(true));
    }

    private static NDArray share(Layout layout, NDArray share) {
        long[] offsets = layout.offsets();
        for (int i = 0; i < layout.shapes().size(); i++) {
            if (layout.shapes().get(i).dimension() > 1) {
                share.set(new NDIndex().addSliceDim(offsets[i], offsets[i + 1]), 1);
            }
        }
        return share;
    }

    /** g &larr; g + wd&middot;w, for a g that is used once. */
    void addTo(Pass pass, Piece w, Piece g) {
        if (share == null) {
            g.addOnce(decay, w);
        } else {
            Piece decayed = pass.scratch();
            decayed.set(pass.of(share));
            decayed.multiply(w);
            g.add(decay, decayed);
        }
    }

    /** w &larr; w (1 &minus; &eta; wd). */
    void shrink(Pass pass, double rate, Piece w) {
        double factor = 1 - rate * decay;
        if (share == null) {
            w.scale(factor);
        } else {
            Piece rest = pass.scratch();
            rest.set(pass.of(share));
            rest.scale(-1);
            rest.addNumber(1);
            Piece factors = pass.scratch();
            factors.set(pass.of(share));
            factors.scale(factor);
            factors.add(rest);
            w.multiply(factors);
        }
    }
}
