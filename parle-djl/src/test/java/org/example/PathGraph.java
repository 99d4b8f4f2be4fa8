package org.example;

import org.parle.djl.topology.TopologyProvider;

import java.util.List;
import java.util.stream.IntStream;

/** A graph as another library would bring it. */
public final class PathGraph implements TopologyProvider {

    @Override
    public String name() {
        return "path";
    }

    @Override
    public String summary() {
        return "a ring with one edge cut";
    }

    @Override
    public List<int[]> edges(int size) {
        return IntStream.range(1, size).mapToObj(i -> new int[] {i - 1, i}).toList();
    }
}
