package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

import java.nio.FloatBuffer;
import java.util.List;

/** What implementations of {@link Communicator} in other packages share with those in this one. */
public final class Implementations {

    private Implementations() {}

    /**
     * Refuses what is not a vector to communicate.
     *
     * @param vector what was given
     * @throws IllegalArgumentException unless it has one dimension and float32
     */
    public static void checkVector(NDArray vector) {
        Checks.vector(vector);
    }

    /**
     * Refuses a root that is no rank.
     *
     * @param root what was given
     * @param size of the group
     * @throws IllegalArgumentException unless the root is from 0 to size &minus; 1
     */
    public static void checkRoot(int root, int size) {
        Checks.root(root, size);
    }

    /**
     * Refuses neighbours that are not other ranks, each once.
     *
     * @param neighbours what was given
     * @param rank of the caller
     * @param size of the group
     * @throws IllegalArgumentException if one is the caller, no rank, or there twice
     */
    public static void checkNeighbours(int[] neighbours, int rank, int size) {
        Checks.neighbours(neighbours, rank, size);
    }

    /**
     * Returns a vector's own memory.
     *
     * @param vector one dimension, float32
     * @return its memory, or null where it is not on the CPU, not contiguous or above 2 GB
     */
    public static FloatBuffer memory(NDArray vector) {
        return HostVectors.memory(vector);
    }

    /**
     * Returns a vector's own memory, piece by piece.
     *
     * @param vector one dimension, float32
     * @param pieceLength how many entries a piece has at the most, up to 2<sup>29</sup> &minus; 1
     * @return its memory, or null where it is not on the CPU or not contiguous
     */
    public static List<FloatBuffer> pieces(NDArray vector, int pieceLength) {
        return HostVectors.pieces(vector, pieceLength);
    }

    /**
     * Replaces one of some vectors by their mean, summed in their order.
     *
     * @param vectors memory of the same length each
     * @param target which of them is replaced
     */
    public static void mean(FloatBuffer[] vectors, int target) {
        mean(vectors, 0, vectors[target].capacity(), vectors[target]);
    }

    /**
     * Writes the mean of a range of some vectors, summed in their order, into that range of others.
     *
     * @param vectors memory of the same length each
     * @param from the first entry
     * @param to one past the last entry
     * @param targets memory that takes the mean, of the vectors or elsewhere
     */
    public static void mean(FloatBuffer[] vectors, int from, int to, FloatBuffer... targets) {
        HostVectors.mean(vectors, from, to, targets);
    }

    /**
     * Returns what a replica is told that waits in a group which something has ended.
     *
     * @param cause what ended it
     * @return the exception to throw
     */
    public static CommunicationException ended(Throwable cause) {
        return CommunicationException.ended(cause);
    }
}
