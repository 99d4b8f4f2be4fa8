package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;

/** Rank i joined to i ± 2^j mod n for all 2^j ≤ n/2 (after arXiv 1811.10792, undirected). */
final class Exponential implements TopologyProvider {

    @Override
    public String name() {
        return "exponential";
    }

    @Override
    public String summary() {
        return "each rank joined to those 1, 2, 4, ... up to n/2 before and after it";
    }

    @Override
    public List<int[]> edges(int size) {
        List<int[]> edges = new ArrayList<>();
        for (int hop = 1; hop <= size / 2; hop *= 2) {
            for (int i = 0; i < size; i++) {
                edges.add(new int[] {i, (i + hop) % size});
            }
        }
        return edges;
    }
}
