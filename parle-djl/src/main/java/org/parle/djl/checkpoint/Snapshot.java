package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;

import java.util.Map;

/**
 * All that one rank keeps.
 *
 * @param step k, the same on all ranks
 * @param replicas how many there are in all
 * @param run what a resumed run must have in common, in order
 * @param arrays live arrays by name
 * @param counters by name
 */
public record Snapshot(
        long step,
        int replicas,
        Map<String, String> run,
        Map<String, NDArray> arrays,
        Map<String, Long> counters) {}
