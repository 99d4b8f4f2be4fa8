package org.parle.djl.examples;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/** The errors of a sweep as a heat map: the darker the worse, with the number in each cell. */
final class SweepPicture {

    private static final int CELL_WIDTH = 96;
    private static final int CELL_HEIGHT = 56;
    private static final int LEFT = 120;
    private static final int TOP = 64;
    private static final int BELOW = 72;
    private static final int RIGHT = 40;

    private final Varied down;
    private final Varied across;
    private final double[][] errors;

    SweepPicture(Varied down, Varied across, double[][] errors) {
        this.down = down;
        this.across = across;
        this.errors = errors;
    }

    void draw(Path file, PrintWriter out) throws IOException {
        int width = LEFT + RIGHT + Math.max(3, across.values().size()) * CELL_WIDTH;
        int height = TOP + BELOW + errors.length * CELL_HEIGHT;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        paint(g, width, height);
        g.dispose();
        ImageIO.write(image, "png", Path.of(file + ".png").toFile());
        VectorGraphics2D vectors = new VectorGraphics2D();
        paint(vectors, width, height);
        try (OutputStream svg = Files.newOutputStream(Path.of(file + ".svg"))) {
            Processors.get("svg")
                    .getDocument(vectors.getCommands(), new PageSize(width, height))
                    .writeTo(svg);
        }
        out.printf("picture: %s.png and .svg%n", file);
        out.flush();
    }

    private void paint(Graphics2D g, int width, int height) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        double least = Arrays.stream(errors).flatMapToDouble(Arrays::stream).min().orElse(0);
        double most = Arrays.stream(errors).flatMapToDouble(Arrays::stream).max().orElse(0);
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
        g.setFont(font);
        g.setColor(Color.BLACK);
        g.drawString("validation error, %", LEFT, TOP / 2 + 4);
        for (int r = 0; r < errors.length; r++) {
            int y = TOP + r * CELL_HEIGHT;
            for (int c = 0; c < errors[r].length; c++) {
                double part = most > least ? (errors[r][c] - least) / (most - least) : 0;
                int x = LEFT + c * CELL_WIDTH;
                g.setColor(shade(part));
                g.fillRect(x, y, CELL_WIDTH - 2, CELL_HEIGHT - 2);
                g.setColor(part > 0.5 ? Color.WHITE : Color.BLACK);
                centred(g, String.format(Locale.ROOT, "%.2f", errors[r][c]), x + CELL_WIDTH / 2, y);
            }
            g.setColor(Color.BLACK);
            String value = down.values().get(r);
            g.drawString(
                    value,
                    LEFT - 12 - g.getFontMetrics().stringWidth(value),
                    y + CELL_HEIGHT / 2 + 5);
        }
        List<String> columns = across.values();
        int bottom = TOP + errors.length * CELL_HEIGHT;
        for (int c = 0; c < columns.size(); c++) {
            centred(g, columns.get(c), LEFT + c * CELL_WIDTH + CELL_WIDTH / 2, bottom - 12);
        }
        centred(g, across.name(), LEFT + columns.size() * CELL_WIDTH / 2, bottom + 16);
        g.drawString(down.name(), 16, TOP - 14);
    }

    /** From a light to a dark blue, which in grey is from light to dark too. */
    private static Color shade(double part) {
        return new Color(
                (int) (237 - 208 * part), (int) (243 - 180 * part), (int) (248 - 142 * part));
    }

    private static void centred(Graphics2D g, String text, int x, int top) {
        g.drawString(text, x - g.getFontMetrics().stringWidth(text) / 2, top + CELL_HEIGHT / 2 + 5);
    }
}
