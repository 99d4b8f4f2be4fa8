package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.compress.MessageCodec;
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
    private final MessageCodec codec;

    AllToAll(Context context, MessageCodec codec) {
        super(context);
        this.codec = codec;
        communicator = context.communicator();
        inner = Inner.sgd(context);
        error = context.state().zeros("error");
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
        ByteBuffer message = codec.compress(u, communicator.rank(), steps());
        error.subi(u);
        sent(state(), codec.bits());
        ByteBuffer[] messages = communicator.allGather(message).await();
        for (int sender = 0; sender < messages.length; sender++) {
            codec.add(
                    messages[sender],
                    sender,
                    steps(),
                    -factor / messages.length,
                    state().weights());
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
