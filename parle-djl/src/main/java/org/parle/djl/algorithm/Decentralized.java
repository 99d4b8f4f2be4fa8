package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Vectors;

/**
 * What the algorithms on a graph share: each replica i is a node, and talks to its neighbours only.
 *
 * <p>The reference is the mean of all x_i, computed when somebody asks: the only all-reduce. Of the
 * model's length are x, the velocity, that mean, and the algorithm's own.
 */
abstract class Decentralized extends Algorithm {

    /** d, the Nesterov direction of ∇f_i(x_i) + wd·x_i. */
    final Inner.Sgd inner;

    /** x_i. */
    final NDArray x;

    final Gossip gossip;
    private final Communicator communicator;
    private final NDArray mean;

    Decentralized(Context context, Compression compression) {
        super(context);
        communicator = context.communicator();
        inner = Inner.sgd(context);
        gossip = new Gossip(context, compression);
        x = context.state().weights();
        mean = context.state().likeWeights("mean");
    }

    @Override
    protected final void update(NDArray gradient, double rate) {
        settle();
        advance(gradient, rate);
    }

    /** Takes a step; the exchange of the step before has ended. */
    abstract void advance(NDArray gradient, double rate);

    @Override
    public final void settle() {
        gossip.receive();
    }

    @Override
    public final NDArray reference() {
        settle();
        Vectors.copy(x, mean);
        communicator.allReduceMean(mean).await();
        return mean;
    }

    @Override
    public final long synchronisations() {
        return steps();
    }
}
