package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * Who went to which event: the 18 women (ranks 0 to 17) and 14 social events (ranks 18 to 31) of
 * Davis, Gardner and Gardner, Deep South (University of Chicago Press, 1941).
 */
final class SocialNetwork implements TopologyProvider {

    /** The events of each woman, from 1. */
    private static final int[][] EVENTS = {
        {1, 2, 3, 4, 5, 6, 8, 9},
        {1, 2, 3, 5, 6, 7, 8},
        {2, 3, 4, 5, 6, 7, 8, 9},
        {1, 3, 4, 5, 6, 7, 8},
        {3, 4, 5, 7},
        {3, 5, 6, 8},
        {5, 6, 7, 8},
        {6, 8, 9},
        {5, 7, 8, 9},
        {7, 8, 9, 12},
        {8, 9, 10, 12},
        {8, 9, 10, 12, 13, 14},
        {7, 8, 9, 10, 12, 13, 14},
        {6, 7, 9, 10, 11, 12, 13, 14},
        {7, 8, 10, 11, 12},
        {8, 9},
        {9, 11},
        {9, 11}
    };

    private static final int SIZE = 32;

    @Override
    public String name() {
        return "social";
    }

    @Override
    public String summary() {
        return "18 women and the 14 social events they went to (Davis 1941): uneven degrees";
    }

    @Override
    public String sizes() {
        return "exactly " + SIZE + " replicas";
    }

    @Override
    public boolean exists(int size) {
        return size == SIZE;
    }

    @Override
    public List<int[]> edges(int size) {
        List<int[]> edges = new ArrayList<>();
        for (int woman = 0; woman < EVENTS.length; woman++) {
            for (int event : EVENTS[woman]) {
                edges.add(new int[] {woman, EVENTS.length + event - 1});
            }
        }
        return edges;
    }
}
