package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.topology.Topology;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.w3c.dom.Document;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

/** What the command tells of graphs, and draws. */
public class TopologyCommandTest {

    @Test
    public void shouldListTheGraphs() {
        Outcome outcome = Command.run("topology");
        Assert.assertEquals(outcome.code(), 0);
        for (String name : Topology.names()) {
            Assert.assertTrue(outcome.out().contains(name), name);
        }
    }

    @Test
    public void shouldShowEveryWeightOfASmallGraph() {
        List<String> lines = lines("topology star --replicas 4");
        Assert.assertTrue(lines.contains("degree        1 to 3"), lines.toString());
        Assert.assertTrue(lines.contains("spectral gap  0.250000"), lines.toString());
        Assert.assertTrue(lines.contains("     0  0.25  0.25  0.25  0.25"), lines.toString());
        Assert.assertTrue(lines.contains("     1  0.25  0.75     .     ."), lines.toString());
    }

    @Test
    public void shouldSumUpALargeGraphByDegree() {
        List<String> lines = lines("topology star --replicas 100");
        Assert.assertTrue(lines.contains("degree        1 to 99"), lines.toString());
        List<String> rows = List.of("     1     99  0.9900", "    99      1  0.0100");
        for (String row : rows) {
            Assert.assertTrue(lines.stream().anyMatch(line -> line.startsWith(row)), row);
        }
    }

    @DataProvider
    public Object[][] pictures() {
        return new Object[][] {
            {"ring", 16, ".png"},
            {"torus", 20, ".png"},
            {"star", 1, ".png"},
            {"complete", 150, ".png"},
            {"ring", 1000, ".SVG"},
            {"torus", 20, ".svg"},
            {"social", 32, ".svg"}
        };
    }

    @Test(dataProvider = "pictures")
    public void shouldDraw(String name, int size, String ending) throws Exception {
        Path file = Files.createTempDirectory("parle").resolve("new/picture" + ending);
        lines("topology " + name + " --replicas " + size + " --output " + file);
        if (ending.equals(".png")) {
            BufferedImage image = ImageIO.read(file.toFile());
            int width = image.getWidth();
            int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
            Assert.assertTrue(Arrays.stream(pixels).distinct().count() > 3);
        } else {
            int edges = Topology.named(name, size).edges().size();
            Document svg = svg(file);
            int lines = count(svg, "line") + count(svg, "path") + count(svg, "polyline");
            Assert.assertTrue(lines >= edges, lines + " lines");
            Assert.assertTrue(count(svg, "text") > 9, count(svg, "text") + " labels");
        }
    }

    private static Document svg(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // no look at the web for SVG's own description
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(file.toFile());
    }

    private static int count(Document svg, String tag) {
        return svg.getElementsByTagName(tag).getLength();
    }

    private static List<String> lines(String typed) {
        Outcome outcome = Command.type(typed);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        Assert.assertEquals(outcome.err(), "");
        return outcome.out().lines().toList();
    }
}
