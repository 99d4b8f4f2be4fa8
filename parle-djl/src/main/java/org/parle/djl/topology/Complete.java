package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;

/** Everybody joined to everybody: mixing is the mean. */
final class Complete implements TopologyProvider {

    @Override
    public String name() {
        return "complete";
    }

    @Override
    public String summary() {
        return "each rank joined to every other one";
    }

    @Override
    public List<int[]> edges(int size) {
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                edges.add(new int[] {i, j});
            }
        }
        return edges;
    }
}
