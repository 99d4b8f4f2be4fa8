package org.parle.djl.examples.picture;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;

import org.parle.djl.topology.Topology;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/** Draws a graph of replicas into a PNG or SVG file; needs no display. */
public final class TopologyPicture {

    private static final Color EDGE = new Color(0x4a6fa5);
    private static final Color NODE = new Color(0xfff3d6);
    private static final Color INK = new Color(0x222222);

    /** In pixels: from here on a rank fits into its node. */
    private static final double READABLE = 9;

    private final Topology topology;
    private final TopologyLayout layout;

    private TopologyPicture(Topology topology) {
        this.topology = topology;
        layout = TopologyLayout.of(topology);
    }

    /** Refuses a file that could not be drawn to. */
    public static void check(Path file) throws IOException {
        format(file);
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot make the folder " + folder, e);
        }
        Path there = Files.exists(file) ? file : folder;
        if (Files.isDirectory(file) || !Files.isWritable(there)) {
            throw new IllegalArgumentException("cannot write to " + file);
        }
    }

    private static String format(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (String format : new String[] {"png", "svg"}) {
            if (name.endsWith("." + format)) {
                return format;
            }
        }
        throw new IllegalArgumentException("--output must end in .png or .svg, not " + file);
    }

    public static void draw(Topology topology, Path file) throws IOException {
        TopologyPicture picture = new TopologyPicture(topology);
        try (OutputStream out = Files.newOutputStream(file)) {
            if (format(file).equals("png")) {
                ImageIO.write(picture.pixels(), "png", out);
            } else {
                picture.vectors().writeTo(out);
            }
        }
    }

    private BufferedImage pixels() {
        BufferedImage image =
                new BufferedImage(layout.width(), layout.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        paint(g);
        g.dispose();
        return image;
    }

    private Document vectors() {
        VectorGraphics2D g = new VectorGraphics2D();
        paint(g);
        return Processors.get("svg")
                .getDocument(g.getCommands(), new PageSize(layout.width(), layout.height()));
    }

    private void paint(Graphics2D g) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, layout.width(), layout.height()));
        List<int[]> edges = topology.edges();
        g.setColor(EDGE);
        g.setStroke(new BasicStroke((float) layout.lineWidth(edges.size())));
        edges.forEach(edge -> g.draw(layout.edge(edge[0], edge[1])));
        double radius = layout.radius();
        int labelled = layout.labelEvery();
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, (int) Math.max(READABLE, radius * 0.9)));
        g.setStroke(new BasicStroke(radius < READABLE ? 0.7f : 1.5f));
        for (int rank = 0; rank < topology.size(); rank++) {
            Point2D p = layout.place(rank);
            Ellipse2D node =
                    new Ellipse2D.Double(
                            p.getX() - radius, p.getY() - radius, 2 * radius, 2 * radius);
            g.setColor(NODE);
            g.fill(node);
            g.setColor(INK);
            g.draw(node);
            if (rank % labelled == 0) {
                label(g, rank, radius < READABLE ? layout.outside(rank) : p);
            }
        }
    }

    private static void label(Graphics2D g, int rank, Point2D place) {
        String text = String.valueOf(rank);
        FontMetrics font = g.getFontMetrics();
        float x = (float) (place.getX() - font.stringWidth(text) / 2.0);
        float y = (float) (place.getY() + (font.getAscent() - font.getDescent()) / 2.0);
        g.drawString(text, x, y);
    }
}
