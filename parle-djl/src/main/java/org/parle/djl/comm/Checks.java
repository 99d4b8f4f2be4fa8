package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** What every communicator refuses before a call starts. */
final class Checks {

    private Checks() {}

    static void vector(NDArray vector) {
        if (vector.getDataType() != DataType.FLOAT32 || vector.getShape().dimension() != 1) {
            throw new IllegalArgumentException(
                    "a vector to communicate has one dimension and float32, this one is "
                            + vector.getShape()
                            + ' '
                            + vector.getDataType());
        }
    }

    static void root(int root, int size) {
        if (root < 0 || root >= size) {
            throw new IllegalArgumentException(
                    "no replica " + root + " to broadcast from: ranks are 0 to " + (size - 1));
        }
    }

    static void neighbours(int[] neighbours, int rank, int size) {
        BitSet seen = new BitSet();
        for (int neighbour : neighbours) {
            if (neighbour < 0 || neighbour >= size || neighbour == rank || seen.get(neighbour)) {
                throw new IllegalArgumentException(
                        "neighbours of replica "
                                + rank
                                + " are other ranks from 0 to "
                                + (size - 1)
                                + ", each once, not "
                                + Arrays.toString(neighbours));
            }
            seen.set(neighbour);
        }
    }

    /** A copy from position 0: the sender may change its own while others still read. */
    static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
    }
}
