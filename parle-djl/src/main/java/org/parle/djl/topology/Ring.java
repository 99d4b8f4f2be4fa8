package org.parle.djl.topology;

import java.util.List;
import java.util.stream.IntStream;

/** Ranks in a circle: i and i + 1 mod n. */
final class Ring implements TopologyProvider {

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public String summary() {
        return "each rank joined to the one before and the one after it";
    }

    @Override
    public List<int[]> edges(int size) {
        return IntStream.range(0, size).mapToObj(i -> new int[] {i, (i + 1) % size}).toList();
    }
}
