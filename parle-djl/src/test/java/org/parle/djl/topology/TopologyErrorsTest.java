package org.parle.djl.topology;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is no graph, and what is said of it. */
public class TopologyErrorsTest {

    @DataProvider
    public Object[][] names() {
        return new Object[][] {
            {"torus", 13, "12 or 14 would do"},
            {"torus", 2, "1 or 4 would do"},
            {"expander", 15, "a square number of replicas; 9 or 16 would do"},
            {"social", 31, "32 would do"},
            {"social", 100, "32 would do"},
            {"ring", 0, "at least one replica, not 0"},
            {"rign", 4, "did you mean \"ring\""},
            {"nothing-alike", 4, "there are ring, torus"},
            {"no/such/file.txt", 4, "no edge list no/such/file.txt"},
            {System.getProperty("java.io.tmpdir"), 4, "is a folder"}
        };
    }

    @Test(dataProvider = "names")
    public void shouldSayWhatWouldDo(String name, int size, String part) {
        refuses(part, () -> Topology.named(name, size));
    }

    @Test
    public void shouldReadAnEdgeList() throws IOException {
        String file = file("# a square", "0 1", "", "1\t2 # here", " 2 3", "3 0");
        Topology square = Topology.named(file, 4);
        Assert.assertEquals(square.name(), file);
        Assert.assertEquals(square.edges().size(), 4);
        Assert.assertEquals(square.neighbours(0), new int[] {1, 3});
    }

    @DataProvider
    public Object[][] lines() {
        return new Object[][] {
            {"1", "line 3: an edge is two ranks, as in \"0 1\", not \"1\""},
            {"1 2 3", "line 3: an edge is two ranks, as in \"0 1\", not \"1 2 3\""},
            {"1 two", "not \"1 two\""},
            {"1 1e3", "not \"1 1e3\""},
            {"1 4", "line 3: the ranks of 4 replicas are 0 to 3, not \"1 4\""},
            {"-1 2", "the ranks of 4 replicas are 0 to 3, not \"-1 2\""},
            {"1 0", "cut off from rank 0 are ranks 2, 3"},
            {"1 2", "cut off from rank 0 is rank 3"}
        };
    }

    @Test(dataProvider = "lines")
    public void shouldSayWhichLineIsBad(String line, String part) throws IOException {
        String file = file("# ranks", "0 1", line);
        refuses(part, () -> Topology.named(file, 4));
        refuses(file, () -> Topology.named(file, 4));
    }

    @Test
    public void shouldRefuseAFileThatIsNoText() throws IOException {
        Path file = Files.createTempFile("edges", ".txt");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        refuses("is not text", () -> Topology.named(file.toString(), 4));
    }

    @Test
    public void shouldRefuseEdgesThatAreNoPairsOfRanks() {
        refuses("not [0, 2]", () -> Topology.ofEdges("x", 2, List.of(new int[] {0, 2})));
        refuses("not [0]", () -> Topology.ofEdges("x", 2, List.of(new int[] {0})));
    }

    @Test
    public void shouldNotNameEveryRankThatIsCutOff() {
        refuses("9, 10 and 89 more", () -> Topology.ofEdges("x", 100, List.of()));
    }

    private static String file(String... lines) throws IOException {
        return Files.write(Files.createTempFile("edges", ".txt"), List.of(lines)).toString();
    }

    private static void refuses(String part, Assert.ThrowingRunnable what) {
        IllegalArgumentException e = Assert.expectThrows(IllegalArgumentException.class, what);
        Assert.assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
