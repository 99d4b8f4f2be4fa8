package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;
import org.parle.djl.compress.MessageCodec;
import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;

/**
 * A running estimate of the mean of u^a over the replicas, which all hold bit-equal:
 *
 * <pre>
 * q^a = Q(u^a − h^a) ;  h^a ← h^a + q^a ;  h̄ ← h̄ + mean over replicas of q^a
 * </pre>
 *
 * <p>Messages are gathered by all and added in rank order. What was not sent stays in u^a − h^a and
 * is sent later, so that there is no vector of errors. Both h^a and h̄ start at the initial
 * weights; both are of the model's length.
 */
final class CompressedMean extends Mean {

    private final State state;
    private final Communicator communicator;
    private final MessageCodec codec;
    private final NDArray own;
    private final NDArray mean;
    private NDArray vector;
    private long step;
    private Pending<ByteBuffer[]> inFlight;

    CompressedMean(Context context) {
        state = context.state();
        communicator = context.communicator();
        codec = Compression.OF_MEANS.codec(context);
        own = state.likeWeights("ownEstimate");
        mean = state.likeWeights("meanEstimate");
    }

    @Override
    void start(NDArray u) {
        vector = u;
        step = state.counter(Algorithm.STEP);
        u.subi(own);
        ByteBuffer message = codec.compress(u, communicator.rank(), step);
        own.addi(u);
        Algorithm.sent(state, codec.bits());
        inFlight = communicator.allGather(message);
    }

    @Override
    boolean finish() {
        if (inFlight == null) {
            return false;
        }
        ByteBuffer[] messages = inFlight.await();
        inFlight = null;
        for (int sender = 0; sender < messages.length; sender++) {
            codec.add(messages[sender], sender, step, 1.0 / messages.length, mean);
        }
        Vectors.copy(mean, vector);
        return true;
    }
}
