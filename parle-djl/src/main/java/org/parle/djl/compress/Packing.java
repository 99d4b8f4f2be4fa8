package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;

/** What a {@link MessageCodec} does, for vectors that lie in one kind of memory. */
interface Packing {

    /**
     * Replaces u by Q(u).
     *
     * @param message takes the message at its start, and has 8 bytes to spare
     * @throws Refusal if a tensor cannot be compressed
     */
    void compress(NDArray u, int sender, long step, ByteBuffer message);

    /** y &larr; y + factor &middot; Q(u). */
    void add(ByteBuffer message, int sender, long step, float factor, NDArray y);

    /** y &larr; Q(u). */
    void decode(ByteBuffer message, int sender, long step, NDArray y);
}
