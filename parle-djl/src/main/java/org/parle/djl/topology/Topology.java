package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A connected graph on the ranks 0 to n &minus; 1, undirected and without loops, with its
 * Metropolis&ndash;Hastings mixing weights (arXiv 1902.00340, section 1; Xiao and Boyd, Systems
 * &amp; Control Letters 53, 2004):
 *
 * <pre>w_ij = 1 / (1 + max(deg i, deg j)) for neighbours,  w_ii = 1 − Σ_j w_ij,  else 0</pre>
 *
 * <p>The matrix W of these weights is symmetric, and its rows and columns sum to 1, so that mixing
 * keeps the mean of what is mixed. Immutable, and safe for use by many threads.
 */
public final class Topology {

    private static Topology newest;

    private final String name;
    private final int[][] neighbours;
    private volatile double gap = Double.NaN;

    private Topology(String name, int[][] neighbours) {
        this.name = name;
        this.neighbours = neighbours;
    }

    /**
     * Makes a topology by name.
     *
     * @param name one of {@link #names}, or the path of a text file with one edge {@code i j} per
     *     line and comments after {@code #}
     * @param size the number n of replicas
     * @return the topology
     * @throws IllegalArgumentException if the name is not known (the nearest ones are suggested),
     *     the graph does not exist for n (the message says which n would do), it is not connected,
     *     or a line of the file is bad
     */
    public static Topology named(String name, int size) {
        requireReplicas(size);
        boolean file = !Families.all().containsKey(name);
        synchronized (Topology.class) {
            // a thousand replicas on threads ask for the same graph: one copy serves all
            if (!file && newest != null && newest.name.equals(name) && newest.size() == size) {
                return newest;
            }
            Topology made = ofEdges(name, size, Families.edges(name, size));
            if (!file) {
                newest = made;
            }
            return made;
        }
    }

    /**
     * Makes a topology of edges. Loops, and edges given twice or in both directions, are dropped.
     *
     * @param name what messages call it
     * @param size the number n of replicas
     * @param edges pairs of ranks
     * @return the topology
     * @throws IllegalArgumentException if n is below 1, an edge is no pair of ranks, or the graph
     *     is not connected (the message says which ranks are cut off)
     */
    public static Topology ofEdges(String name, int size, Iterable<int[]> edges) {
        requireReplicas(size);
        BitSet[] sets = Stream.generate(BitSet::new).limit(size).toArray(BitSet[]::new);
        for (int[] edge : edges) {
            boolean ranks = edge.length == 2 && isRank(edge[0], size) && isRank(edge[1], size);
            if (!ranks) {
                throw new IllegalArgumentException(
                        String.format(
                                "an edge of %s must be two ranks, which %s; not %s",
                                name, EdgeList.ranks(size), Arrays.toString(edge)));
            }
            if (edge[0] != edge[1]) {
                sets[edge[0]].set(edge[1]);
                sets[edge[1]].set(edge[0]);
            }
        }
        int[][] neighbours =
                Arrays.stream(sets).map(set -> set.stream().toArray()).toArray(int[][]::new);
        Connection.require(name, neighbours);
        return new Topology(name, neighbours);
    }

    private static boolean isRank(int rank, int size) {
        return rank >= 0 && rank < size;
    }

    private static void requireReplicas(int size) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "a topology needs at least one replica, not " + size);
        }
    }

    /**
     * Returns the names that {@link #named} knows.
     *
     * @return the library's own first, then those of service providers
     */
    public static List<String> names() {
        return List.copyOf(Families.all().keySet());
    }

    /**
     * Returns the families of graphs that {@link #named} knows.
     *
     * @return in the order of {@link #names}
     */
    public static List<TopologyProvider> providers() {
        return List.copyOf(Families.all().values());
    }

    /**
     * Returns the name this topology was made by.
     *
     * @return for example {@code ring}, or a file's path
     */
    public String name() {
        return name;
    }

    /**
     * Returns the number of replicas.
     *
     * @return n, at least 1
     */
    public int size() {
        return neighbours.length;
    }

    /**
     * Returns the neighbours of a rank.
     *
     * @param rank from 0 to n &minus; 1
     * @return their ranks in rising order, without the rank itself; the caller's own copy
     */
    public int[] neighbours(int rank) {
        return neighbours[rank].clone();
    }

    /**
     * Returns the number of neighbours of a rank.
     *
     * @param rank from 0 to n &minus; 1
     * @return its degree, 0 only for n = 1
     */
    public int degree(int rank) {
        return neighbours[rank].length;
    }

    /**
     * Returns a mixing weight.
     *
     * @param i a rank
     * @param j a rank, which may be i itself
     * @return w_ij = w_ji, 0 where the two are not joined
     */
    public double weight(int i, int j) {
        if (i == j) {
            double others = 0;
            for (int neighbour : neighbours[i]) {
                others += edgeWeight(i, neighbour);
            }
            return 1 - others;
        }
        return Arrays.binarySearch(neighbours[i], j) < 0 ? 0 : edgeWeight(i, j);
    }

    private double edgeWeight(int i, int j) {
        return 1.0 / (1 + Math.max(degree(i), degree(j)));
    }

    /**
     * Returns the spectral gap 1 &minus; max(|λ_2|, |λ_n|) of W, with the eigenvalues 1 = λ_1 &ge;
     * λ_2 &ge; &hellip; &ge; λ_n: each mixing shrinks the distance to the mean by at least this
     * share.
     *
     * @return above 0, at most 1 (complete graph, and n = 1); accurate to about 1e-12
     */
    public double spectralGap() {
        if (Double.isNaN(gap)) {
            gap = 1 - SpectralNorm.besidesTheMean(size(), this::degree, this::neighbours);
        }
        return gap;
    }

    /**
     * Returns the edges.
     *
     * @return each once, as a pair i &lt; j, in rising order
     */
    public List<int[]> edges() {
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            for (int j : neighbours[i]) {
                if (i < j) {
                    edges.add(new int[] {i, j});
                }
            }
        }
        return edges;
    }

    /**
     * Returns the name and the size.
     *
     * @return for example {@code ring of 16}
     */
    @Override
    public String toString() {
        return name + " of " + size();
    }
}
