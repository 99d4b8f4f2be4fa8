package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;

/**
 * What the algorithms share whose replicas stay equal, bit for bit, by messages from all to all:
 * what a compressor leaves out is kept in e, and sent later.
 *
 * <p>The exchange is waited for. Of the model's length are x, the velocity and e.
 */
abstract class AllToAll extends Algorithm {

    final Inner.Sgd inner;
    private final NDArray error;
    private final Communicator communicator;
    private final Messages messages;

    AllToAll(Context context, Compression compression) {
        super(context);
        messages = new Messages(context, compression);
        communicator = context.communicator();
        inner = Inner.sgd(context);
        error = context.state().zeros("error");
        state().equal(state().weights());
    }

    /**
     * q = Q(u + e) ; e ← u + e − q ; x ← x − f·mean over replicas of q, added in rank order.
     *
     * @param u becomes q
     * @param factor f
     */
    final void descend(NDArray u, double factor) {
        error.addi(u);
        Vectors.copy(error, u);
        ByteBuffer message = messages.pack(u);
        error.subi(u);
        ByteBuffer[] all = communicator.allGather(message).await();
        for (int sender = 0; sender < all.length; sender++) {
            messages.add(all[sender], sender, -factor / all.length, state().weights());
        }
    }

    @Override
    public final NDArray reference() {
        return state().weights();
    }

    @Override
    public final long synchronisations() {
        return steps();
    }
}
