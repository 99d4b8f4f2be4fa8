package org.parle.djl.topology;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What is known of the graphs and their weights. */
public class TopologyTest {

    @DataProvider
    public Object[][] graphs() {
        return new Object[][] {
            {"ring", 1},
            {"ring", 2},
            {"ring", 3},
            {"ring", 17},
            {"torus", 1},
            {"torus", 4},
            {"torus", 6},
            {"torus", 24},
            {"torus", 25},
            {"complete", 1},
            {"complete", 2},
            {"complete", 9},
            {"star", 1},
            {"star", 2},
            {"star", 12},
            {"exponential", 1},
            {"exponential", 2},
            {"exponential", 3},
            {"exponential", 12},
            {"expander", 1},
            {"expander", 4},
            {"expander", 9},
            {"expander", 25},
            {"social", 32}
        };
    }

    @Test(dataProvider = "graphs")
    public void shouldMixSymmetricallyWithSumsOfOne(String name, int n) {
        Topology topology = Topology.named(name, n);
        Assert.assertEquals(topology.size(), n);
        Assert.assertEquals(topology.name(), name);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                double weight = topology.weight(i, j);
                sum += weight;
                Assert.assertTrue(weight >= 0, name);
                Assert.assertEquals(topology.weight(j, i), weight);
                boolean joined = Arrays.stream(topology.neighbours(i)).boxed().toList().contains(j);
                Assert.assertEquals(weight > 0, joined || i == j, name + " " + i + " " + j);
            }
            Assert.assertEquals(sum, 1, 1e-14);
            int[] sorted = IntStream.of(topology.neighbours(i)).sorted().distinct().toArray();
            Assert.assertEquals(topology.neighbours(i), sorted);
            Assert.assertEquals(topology.degree(i), sorted.length);
        }
        Assert.assertEquals(
                2 * topology.edges().size(), IntStream.range(0, n).map(topology::degree).sum());
    }

    /** The gap is the rate at which mixing forgets: power iteration on a dense W finds it too. */
    @Test(dataProvider = "graphs")
    public void shouldHaveTheGapThatRepeatedMixingShows(String name, int n) {
        Topology topology = Topology.named(name, n);
        double[] x = IntStream.range(0, n).mapToDouble(i -> Math.sin(1 + i * i)).toArray();
        double shrunk = 0;
        for (int step = 0; step < 4000; step++) {
            double mean = Arrays.stream(x).average().orElseThrow();
            double[] centred = Arrays.stream(x).map(v -> v - mean).toArray();
            double before = norm(centred);
            double[] mixed =
                    IntStream.range(0, n)
                            .mapToDouble(
                                    i ->
                                            IntStream.range(0, n)
                                                    .mapToDouble(
                                                            j -> topology.weight(i, j) * centred[j])
                                                    .sum())
                            .toArray();
            shrunk = before < 1e-9 ? 0 : norm(mixed) / before;
            if (shrunk < 1e-9) {
                break;
            }
            double after = norm(mixed);
            x = Arrays.stream(mixed).map(v -> v / after).toArray();
        }
        Assert.assertEquals(topology.spectralGap(), 1 - shrunk, 1e-6);
    }

    private static double norm(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    }

    @Test
    public void shouldHavePublishedGaps() {
        for (int n : new int[] {4, 5, 16, 100, 1000}) {
            double ring = 1 - (1 + 2 * Math.cos(2 * Math.PI / n)) / 3;
            Assert.assertEquals(Topology.named("ring", n).spectralGap(), ring, 1e-12);
        }
        for (int n : new int[] {1, 2, 3, 50}) {
            Assert.assertEquals(Topology.named("complete", n).spectralGap(), 1.0);
        }
        // all weights are 1/5: λ = (1 + 2 cos(2πa/8) + 2 cos(2πb/8)) / 5
        double torus = 1 - (3 + 2 * Math.cos(Math.PI / 4)) / 5;
        Assert.assertEquals(Topology.named("torus", 64).spectralGap(), torus, 1e-12);
        // W of a star has the eigenvalues 1, 1 − 1/n and 0
        Assert.assertEquals(Topology.named("star", 40).spectralGap(), 1.0 / 40, 1e-12);
    }

    @Test
    public void shouldSeeNegativeEigenvalues() {
        // complete bipartite: each weight 1/4, so λ_n = (1 − 3)/4 beside the mean
        Topology bipartite =
                Topology.ofEdges(
                        "bipartite",
                        6,
                        IntStream.range(0, 9).mapToObj(e -> new int[] {e / 3, 3 + e % 3}).toList());
        Assert.assertEquals(bipartite.spectralGap(), 0.5, 1e-12);
    }

    @Test
    public void shouldBeTheGraphsOfTheirDefinitions() {
        Assert.assertEquals(Topology.named("ring", 5).neighbours(0), new int[] {1, 4});
        Assert.assertEquals(Topology.named("ring", 5).weight(0, 4), 1.0 / 3, 1e-15);
        Assert.assertEquals(Topology.named("ring", 2).edges().size(), 1);
        Assert.assertEquals(Topology.named("torus", 12).neighbours(0), new int[] {1, 3, 4, 8});
        Assert.assertEquals(Topology.named("torus", 4).weight(0, 0), 1.0 / 3, 1e-15);
        Assert.assertEquals(Topology.named("star", 4).weight(1, 1), 0.75, 1e-15);
        int[] hops = {1, 2, 4, 8, 12, 14, 15};
        Assert.assertEquals(Topology.named("exponential", 16).neighbours(0), hops);
        // (1, 0) of 3 × 3 goes to (2, 0), (1, 2) and (1, 0) itself; (0, 0) and (1, 1) come to it
        Assert.assertEquals(Topology.named("expander", 9).neighbours(3), new int[] {0, 4, 5, 6});
    }

    @Test
    public void shouldHaveTheDegreesOfTheSouthernWomen() {
        Topology social = Topology.named("social", 32);
        Assert.assertEquals(social.edges().size(), 89);
        int[] degrees = {
            8, 7, 8, 7, 4, 4, 4, 3, 4, 4, 4, 6, 7, 8, 5, 2, 2, 2, //
            3, 3, 6, 4, 8, 8, 10, 14, 12, 5, 4, 6, 3, 3
        };
        Assert.assertEquals(IntStream.range(0, 32).map(social::degree).toArray(), degrees);
    }

    @Test
    public void shouldDropLoopsAndDoubleEdges() {
        Topology line =
                Topology.ofEdges(
                        "line",
                        3,
                        List.of(
                                new int[] {1, 0},
                                new int[] {0, 1},
                                new int[] {2, 2},
                                new int[] {1, 2}));
        Assert.assertEquals(line.edges().size(), 2);
        Assert.assertEquals(line.neighbours(1), new int[] {0, 2});
        Assert.assertEquals(line.weight(0, 0), 2.0 / 3, 1e-15);
    }

    @Test
    public void shouldGiveCopiesOfItsNeighbours() {
        Topology ring = Topology.named("ring", 4);
        ring.neighbours(0)[0] = 7;
        Assert.assertEquals(ring.neighbours(0), new int[] {1, 3});
    }

    @Test
    public void shouldFindGraphsOfOtherLibraries() {
        Assert.assertTrue(Topology.names().contains("path"), Topology.names().toString());
        Assert.assertEquals(Topology.named("path", 4).edges().size(), 3);
    }
}
