package org.parle.djl.algorithm;

import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;

import org.parle.djl.compress.MessageCodec;

import java.nio.ByteBuffer;

/** One replica's compressed messages, numbered by the step that sends them, and counted. */
final class Messages {

    private final State state;
    private final int rank;
    private final MessageCodec codec;
    private long step;

    Messages(Context context, Compression compression) {
        state = context.state();
        rank = context.communicator().rank();
        codec = compression.codec(context);
    }

    /**
     * Compresses a vector.
     *
     * @param u becomes Q(u)
     * @return the message, good until the next one is packed
     */
    ByteBuffer pack(NDArray u) {
        step = state.counter(Algorithm.STEP);
        Algorithm.sent(state, codec.bits());
        try {
            return codec.compress(u, rank, step);
        } catch (IllegalArgumentException e) {
            throw new TrainingDivergedException(
                    "training diverged: "
                            + e.getMessage()
                            + "; a smaller learning rate or consensusStep may help",
                    e);
        }
    }

    /**
     * y ← y + factor·Q(u), of a message that was packed in the same step as this replica's newest.
     */
    void add(ByteBuffer message, int sender, double factor, NDArray y) {
        codec.add(message, sender, step, factor, y);
    }
}
