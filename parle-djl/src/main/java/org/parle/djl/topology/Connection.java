package org.parle.djl.topology;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.stream.Collectors;

/** Whether everybody can reach everybody. */
final class Connection {

    private static final int SHOWN = 10;

    private Connection() {}

    static void require(String name, int[][] neighbours) {
        BitSet cut = new BitSet();
        cut.set(1, neighbours.length);
        Deque<Integer> next = new ArrayDeque<>();
        next.add(0);
        while (!next.isEmpty()) {
            for (int j : neighbours[next.remove()]) {
                if (cut.get(j)) {
                    cut.clear(j);
                    next.add(j);
                }
            }
        }
        if (!cut.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            "the graph %s on %d replicas is not connected: cut off from rank 0"
                                    + " %s %s",
                            name,
                            neighbours.length,
                            cut.cardinality() == 1 ? "is rank" : "are ranks",
                            ranks(cut)));
        }
    }

    private static String ranks(BitSet cut) {
        String shown =
                cut.stream()
                        .limit(SHOWN)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(", "));
        int more = cut.cardinality() - SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
