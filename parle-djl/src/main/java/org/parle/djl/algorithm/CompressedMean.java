package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;
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

    private final Communicator communicator;
    private final Messages messages;
    private final NDArray own;
    private final NDArray mean;
    private NDArray vector;
    private Pending<ByteBuffer[]> inFlight;

    CompressedMean(Context context) {
        communicator = context.communicator();
        messages = new Messages(context, Compression.OF_MEANS);
        own = context.state().likeWeights("ownEstimate");
        mean = context.state().equal(context.state().likeWeights("meanEstimate"));
    }

    @Override
    void start(NDArray u) {
        vector = u;
        u.subi(own);
        ByteBuffer message = messages.pack(u);
        own.addi(u);
        inFlight = communicator.allGather(message);
    }

    @Override
    boolean finish() {
        if (inFlight == null) {
            return false;
        }
        ByteBuffer[] all = inFlight.await();
        inFlight = null;
        for (int sender = 0; sender < all.length; sender++) {
            messages.add(all[sender], sender, 1.0 / all.length, mean);
        }
        Vectors.copy(mean, vector);
        return true;
    }
}
