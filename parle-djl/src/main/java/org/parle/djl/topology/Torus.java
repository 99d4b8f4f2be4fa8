package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * A grid that wraps around: rank r lies in row ⌊r / columns⌋, and the number of rows is the largest
 * divisor of n up to √n.
 */
final class Torus implements TopologyProvider {

    @Override
    public String name() {
        return "torus";
    }

    @Override
    public String summary() {
        return "a grid that wraps around, as square as n allows";
    }

    @Override
    public String sizes() {
        return "a number of replicas that is not a prime";
    }

    @Override
    public boolean exists(int size) {
        return size == 1 || rows(size) > 1;
    }

    @Override
    public List<int[]> edges(int size) {
        int rows = rows(size);
        int columns = size / rows;
        List<int[]> edges = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int here = r * columns + c;
                edges.add(new int[] {here, r * columns + (c + 1) % columns});
                edges.add(new int[] {here, (r + 1) % rows * columns + c});
            }
        }
        return edges;
    }

    private static int rows(int size) {
        int rows = (int) Math.sqrt(size);
        while (size % rows != 0) {
            rows--;
        }
        return rows;
    }
}
