package org.parle.djl.comm;

import java.util.Arrays;
import java.util.Objects;

/**
 * The vectors of all replicas of a process, worked on range by range by several threads at once.
 */
interface VectorSet {

    /**
     * Replaces a range by its mean over all vectors, summed in rank order.
     *
     * @param from the first entry
     * @param to one past the last entry
     * @param targets how many vectors take the mean, the first ones
     */
    void mean(long from, long to, int targets);

    /**
     * Copies a range of one vector into all others.
     *
     * @param source which vector
     * @param from the first entry
     * @param to one past the last entry
     */
    void spread(int source, long from, long to);

    static VectorSet of(Call[] calls) {
        boolean host = Arrays.stream(calls).map(Call::memory).allMatch(Objects::nonNull);
        return host ? new HostVectors(calls) : new DeviceVectors(calls);
    }
}
