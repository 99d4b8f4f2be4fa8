package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What a replica knows of the others: its rank, their number, and the collective calls.
 *
 * <p>Every call starts without blocking; {@link Pending#await} ends it. All replicas make the same
 * calls in the same order: calls are matched by that order, there are no tags, and several may be
 * in flight at once. An implementation that notices different calls at the same place ends them
 * with a {@link CommunicationException} that says which rank called what.
 *
 * <p><b>Threads.</b> One communicator per replica. Its methods are called by one thread at a time
 * (that replica's), with a happens-before edge where the thread changes. The replicas of a group
 * may be on any threads of any processes.
 *
 * <p><b>Values.</b> Vectors are one-dimensional, float32, of the same length on all replicas, on
 * any device. After an all-reduce all replicas hold the same bits.
 */
public interface Communicator extends AutoCloseable {

    /**
     * Returns the number of this replica.
     *
     * @return the rank, from 0
     */
    int rank();

    /**
     * Returns how many replicas there are.
     *
     * @return the size of the group, at least 1
     */
    int size();

    /**
     * Returns how long a wait lasts at the most where none else is said.
     *
     * @return the group's timeout
     */
    Duration timeout();

    /**
     * Replaces the vector by its mean over all replicas, in place: x &larr; (1/n) &Sigma;_a x^a.
     *
     * @param vector one dimension, float32; the call's until it was awaited
     * @return the communication under way
     */
    Pending<Void> allReduceMean(NDArray vector);

    /**
     * Replaces the vector by the root's, in place.
     *
     * @param vector one dimension, float32; the call's until it was awaited
     * @param root the rank whose values all others take
     * @return the communication under way
     */
    Pending<Void> broadcast(NDArray vector, int root);

    /**
     * Sends a message to each neighbour and receives one from each. Lengths may differ. Neighbours
     * are mutual: if b is among a's, a is among b's. A replica without neighbours passes an empty
     * array and still takes part.
     *
     * @param neighbours ranks without this one and without repeats
     * @param message from its position to its limit; the call's until it was awaited, its position
     *     is left as it is
     * @return read-only messages in the order of {@code neighbours}, each from position 0 to its
     *     limit, little-endian
     */
    Pending<ByteBuffer[]> exchange(int[] neighbours, ByteBuffer message);

    /**
     * Gives every replica the messages of all. Lengths may differ.
     *
     * @param message from its position to its limit; the call's until it was awaited, its position
     *     is left as it is
     * @return read-only messages in rank order, this replica's own among them, each from position 0
     *     to its limit, little-endian
     */
    Pending<ByteBuffer[]> allGather(ByteBuffer message);

    /**
     * Ends when all replicas have called it.
     *
     * @return the communication under way
     */
    Pending<Void> barrier();

    /**
     * Returns the bytes that this replica has sent to others so far, counted where they are sent.
     *
     * @return bytes of payload, and of its checksums; 0 for a replica alone
     */
    long bytesSent();

    /**
     * Returns the bytes that this replica has received from others so far.
     *
     * @return bytes of payload, and of its checksums; 0 for a replica alone
     */
    long bytesReceived();

    /**
     * Ends the group for all: every wait of any replica, now or later, throws a {@link
     * CommunicationException} with this cause. Any thread may call it; only the first call counts.
     *
     * @param cause what went wrong
     */
    void abort(Throwable cause);

    /** Lets go of what this replica holds. Not collective; calling it again does nothing. */
    @Override
    void close();
}
