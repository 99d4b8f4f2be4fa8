package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * The expander of Margulis, Gabber and Galil (J. Comput. Syst. Sci. 22, 1981) on an m × m grid of
 * ranks x·m + y: its degree is at most 8 and its spectral gap has a bound above 0 that does not
 * depend on n = m².
 *
 * <pre>(x, y) is joined to (x + 2y, y), (x + 2y + 1, y), (x, y + 2x), (x, y + 2x + 1)  mod m</pre>
 */
final class Expander implements TopologyProvider {

    @Override
    public String name() {
        return "expander";
    }

    @Override
    public String summary() {
        return "at most 8 neighbours, and a spectral gap that does not vanish as n grows";
    }

    @Override
    public String sizes() {
        return "a square number of replicas";
    }

    @Override
    public boolean exists(int size) {
        int m = (int) Math.round(Math.sqrt(size));
        return m * m == size;
    }

    @Override
    public List<int[]> edges(int size) {
        int m = (int) Math.round(Math.sqrt(size));
        List<int[]> edges = new ArrayList<>();
        for (int x = 0; x < m; x++) {
            for (int y = 0; y < m; y++) {
                int here = x * m + y;
                edges.add(new int[] {here, (x + 2 * y) % m * m + y});
                edges.add(new int[] {here, (x + 2 * y + 1) % m * m + y});
                edges.add(new int[] {here, x * m + (y + 2 * x) % m});
                edges.add(new int[] {here, x * m + (y + 2 * x + 1) % m});
            }
        }
        return edges;
    }
}
