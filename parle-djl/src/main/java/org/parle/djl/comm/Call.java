package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What one replica asked for at one place in the order of calls.
 *
 * @param kind which collective
 * @param length entries of the vector, 0 without one
 * @param root the rank broadcast from, else 0
 * @param vector a handle of the group's own on the replica's vector, or null
 * @param memory the vector's own memory in pieces, or null where it is not on the CPU
 * @param message the group's own copy of the replica's message, or null
 * @param neighbours the ranks to exchange with, or null
 */
record Call(
        Kind kind,
        long length,
        int root,
        NDArray vector,
        List<FloatBuffer> memory,
        ByteBuffer message,
        List<Integer> neighbours) {

    enum Kind {
        ALL_REDUCE("all-reduce"),
        BROADCAST("broadcast"),
        EXCHANGE("exchange"),
        ALL_GATHER("all-gather"),
        BARRIER("barrier");

        private final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    static Call allReduce(NDArray vector) {
        return ofVector(Kind.ALL_REDUCE, vector, 0);
    }

    static Call broadcast(NDArray vector, int root) {
        return ofVector(Kind.BROADCAST, vector, root);
    }

    static Call exchange(ByteBuffer message, int[] neighbours) {
        List<Integer> ranks = Arrays.stream(neighbours).boxed().toList();
        return new Call(Kind.EXCHANGE, 0, 0, null, null, Checks.copy(message), ranks);
    }

    static Call allGather(ByteBuffer message) {
        return new Call(Kind.ALL_GATHER, 0, 0, null, null, Checks.copy(message), null);
    }

    static Call barrier() {
        return new Call(Kind.BARRIER, 0, 0, null, null, null, null);
    }

    private static Call ofVector(Kind kind, NDArray vector, int root) {
        return new Call(kind, vector.size(), root, vector, memory(vector), null, null);
    }

    private static List<FloatBuffer> memory(NDArray vector) {
        return HostVectors.pieces(vector, HostVectors.PIECE);
    }

    boolean matches(Call other) {
        return kind == other.kind && length == other.length && root == other.root;
    }

    /** The call in words: "all-reduce of 132220 floats". */
    String title() {
        return switch (kind) {
            case ALL_REDUCE -> kind.title + " of " + length + " floats";
            case BROADCAST -> kind.title + " of " + length + " floats from replica " + root;
            default -> kind.title;
        };
    }

    void close() {
        if (vector != null) {
            vector.close();
        }
    }
}
