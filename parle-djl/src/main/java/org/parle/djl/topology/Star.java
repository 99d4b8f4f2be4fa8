package org.parle.djl.topology;

import java.util.List;
import java.util.stream.IntStream;

/** Rank 0 in the centre. */
final class Star implements TopologyProvider {

    @Override
    public String name() {
        return "star";
    }

    @Override
    public String summary() {
        return "rank 0 joined to every other one";
    }

    @Override
    public List<int[]> edges(int size) {
        return IntStream.range(1, size).mapToObj(i -> new int[] {0, i}).toList();
    }
}
