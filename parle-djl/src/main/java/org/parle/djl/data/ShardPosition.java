package org.parle.djl.data;

/**
 * Where in its data a shard stands.
 *
 * @param epoch from 0
 * @param batch how many batches of that epoch were taken
 */
public record ShardPosition(long epoch, int batch) {

    /**
     * Checks that neither is negative.
     *
     * @param epoch from 0
     * @param batch how many batches of that epoch were taken
     */
    public ShardPosition {
        if (epoch < 0 || batch < 0) {
            throw new IllegalArgumentException(
                    "A shard's epoch and batch are 0 or more, got " + epoch + " and " + batch);
        }
    }
}
