package org.parle.djl.examples.picture;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;

import org.parle.djl.examples.option.Varied;
import org.parle.djl.examples.result.RunGroup;

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
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/**
 * The errors of a sweep as a heat map: the darker the worse, with the number in each cell. A cell
 * of which a seed diverged has no shade but stripes, and says so.
 */
public final class SweepPicture {

    private static final int CELL_WIDTH = 96;
    private static final int CELL_HEIGHT = 56;
    private static final int WIDTH = CELL_WIDTH - 2;
    private static final int HEIGHT = CELL_HEIGHT - 2;
    private static final int STRIPES = 10;
    private static final int LEFT = 120;
    private static final int TOP = 64;
    private static final int BELOW = 72;
    private static final int RIGHT = 40;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final Color GREY = new Color(0xe4e4e4);
    private static final Color STRIPE = new Color(0xc9c9c9);

    private final Varied down;
    private final Varied across;
    private final RunGroup[][] cells;

    public SweepPicture(Varied down, Varied across, RunGroup[][] cells) {
        this.down = down;
        this.across = across;
        this.cells = cells;
    }

    public void draw(Path file, PrintWriter out) throws IOException {
        int width = LEFT + RIGHT + Math.max(3, across.values().size()) * CELL_WIDTH;
        int height = TOP + BELOW + cells.length * CELL_HEIGHT;
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
        DoubleSummaryStatistics all =
                Arrays.stream(cells)
                        .flatMap(Arrays::stream)
                        .filter(RunGroup::isComplete)
                        .mapToDouble(SweepPicture::error)
                        .summaryStatistics();
        double spread = all.getMax() - all.getMin();
        g.setFont(FONT);
        g.setColor(Color.BLACK);
        g.drawString("validation error, %", LEFT, TOP / 2 + 4);
        for (int r = 0; r < cells.length; r++) {
            int y = TOP + r * CELL_HEIGHT;
            for (int c = 0; c < cells[r].length; c++) {
                int x = LEFT + c * CELL_WIDTH;
                if (cells[r][c].isComplete()) {
                    double error = error(cells[r][c]);
                    paint(g, x, y, error, spread > 0 ? (error - all.getMin()) / spread : 0);
                } else {
                    paintDiverged(g, x, y, cells[r][c].divergence());
                }
            }
            g.setColor(Color.BLACK);
            String value = down.values().get(r);
            g.drawString(
                    value,
                    LEFT - 12 - g.getFontMetrics().stringWidth(value),
                    y + CELL_HEIGHT / 2 + 5);
        }
        List<String> columns = across.values();
        int bottom = TOP + cells.length * CELL_HEIGHT;
        for (int c = 0; c < columns.size(); c++) {
            centred(g, columns.get(c), LEFT + c * CELL_WIDTH + CELL_WIDTH / 2, bottom - 12);
        }
        centred(g, across.name(), LEFT + columns.size() * CELL_WIDTH / 2, bottom + 16);
        g.drawString(down.name(), 16, TOP - 14);
    }

    private static double error(RunGroup cell) {
        return cell.result("validationError", 100).mean();
    }

    private static void paint(Graphics2D g, int x, int y, double error, double part) {
        g.setColor(shade(part));
        g.fillRect(x, y, WIDTH, HEIGHT);
        g.setColor(part > 0.5 ? Color.WHITE : Color.BLACK);
        centred(g, String.format(Locale.ROOT, "%.2f", error), x + CELL_WIDTH / 2, y);
    }

    private static void paintDiverged(Graphics2D g, int x, int y, String text) {
        g.setColor(GREY);
        g.fillRect(x, y, WIDTH, HEIGHT);
        g.setColor(STRIPE);
        // from the left or the lower edge upwards to the upper or the right one
        for (int d = STRIPES; d < WIDTH + HEIGHT; d += STRIPES) {
            int left = Math.max(0, d - HEIGHT);
            int right = Math.min(WIDTH, d);
            g.drawLine(x + left, y + d - left, x + right, y + d - right);
        }
        g.setColor(Color.BLACK);
        String[] lines = text.split(" (?=at )", -1);
        float size = FONT.getSize2D();
        while (Arrays.stream(lines).mapToInt(g.getFontMetrics()::stringWidth).max().orElse(0)
                > WIDTH - 8) {
            g.setFont(FONT.deriveFont(--size));
        }
        centred(g, lines[0], x + CELL_WIDTH / 2, y - 9);
        centred(g, lines[1], x + CELL_WIDTH / 2, y + 9);
        g.setFont(FONT);
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
