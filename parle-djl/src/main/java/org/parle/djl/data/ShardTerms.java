package org.parle.djl.data;

import java.util.Map;

/** What a shard says of itself, to other replicas and in checkpoints. */
public final class ShardTerms {

    /** The name of the seed among the terms. */
    public static final String SEED = "seed";

    private ShardTerms() {}

    /**
     * Returns what must be equal on all replicas.
     *
     * @param shard a replica's
     * @return values by name, in a new map: how the items are dealt out, how many there are, what
     *     is done to them
     */
    public static Map<String, String> of(Shard shard) {
        return shard.course.plan().terms();
    }

    /**
     * Returns what a checkpoint has of a shard.
     *
     * @param shard any; null for none
     * @return the same text as ever, since older checkpoints are compared with it
     */
    public static String saved(Shard shard) {
        return shard == null ? "null" : shard.course.plan().saved();
    }
}
