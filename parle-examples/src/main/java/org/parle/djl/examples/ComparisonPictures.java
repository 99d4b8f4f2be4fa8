package org.parle.djl.examples;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Validation error against training time, against bytes and against gradients: a line for each run,
 * its mean over the seeds, with bars of one deviation up and down.
 */
final class ComparisonPictures {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 520;

    /**
     * Above this many times the largest error at the end the axis is cut: the start says little.
     */
    private static final double SHOWN = 4;

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS,
        SeriesMarkers.PLUS,
        SeriesMarkers.TRAPEZOID
    };

    // of different lightness, for grey prints
    private static final Color[] COLOURS = {
        new Color(0x222222),
        new Color(0xc8553d),
        new Color(0x2a6f97),
        new Color(0x6a994e),
        new Color(0x8d5a97),
        new Color(0xb08900),
        new Color(0x7a7a7a),
        new Color(0x4cb5ae)
    };

    private static final float[][] DASHES = {
        {1, 0}, {9, 4}, {2, 4}, {10, 4, 2, 4}, {5, 3}, {14, 5}, {3, 3, 9, 3}, {6, 2, 2, 2}
    };

    private ComparisonPictures() {}

    /** Needs no display; before the first use of AWT. */
    static void prepare() {
        System.setProperty("java.awt.headless", "true");
    }

    static void draw(Comparison comparison, Path folder, PrintWriter out) throws IOException {
        save(chart(comparison, "trainingSeconds", 1, "training time, s"), folder, "time", out);
        double most = most(comparison, "gradientsInAll");
        double unit = most >= 10_000 ? 1e-3 : 1;
        String thousands = unit < 1 ? "thousands of " : "";
        String gradients = thousands + "mini-batch gradients of all replicas";
        save(chart(comparison, "gradientsInAll", unit, gradients), folder, "gradients", out);
        XYChart bytes = chart(comparison, "bytesInAll", 1e-6, "sent by all replicas, MB");
        if (!bytes.getSeriesMap().isEmpty()) {
            addSilent(bytes, comparison);
            bytes.getStyler().setXAxisLogarithmic(true);
            save(bytes, folder, "bytes", out);
        }
    }

    private static double most(Comparison comparison, String name) {
        return comparison.groups().stream()
                .flatMap(group -> group.runs().stream())
                .mapToDouble(run -> run.result(name))
                .max()
                .orElse(0);
    }

    private static XYChart chart(Comparison comparison, String name, double unit, String axis) {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .xAxisTitle(axis)
                        .yAxisTitle("validation error, %")
                        .build();
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendLayout(LegendLayout.Vertical)
                .setLegendFont(plain)
                .setLegendBorderColor(Color.WHITE)
                .setLegendSeriesLineLength(40)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setAxisTickLabelsFont(plain).setAxisTitleFont(plain.deriveFont(15f));
        chart.getStyler().setMarkerSize(8);
        chart.getStyler().setLocale(Locale.ROOT);
        double worst = 0;
        double first = 0;
        int index = 0;
        for (Comparison.Group group : comparison.groups()) {
            Curve curve = Curve.of(group, name, unit);
            worst = Math.max(worst, curve.error().get(curve.error().size() - 1));
            first = Math.max(first, Collections.max(curve.error()));
            if (curve.x().get(0) > 0) {
                add(chart, group.name(), curve, index);
            }
            index++;
        }
        chart.getStyler().setYAxisMin(0.0);
        if (first > SHOWN * worst) {
            chart.getStyler().setYAxisMax(SHOWN * worst);
        }
        return chart;
    }

    /** Runs that send nothing have no place on that axis: a level line at where they ended. */
    private static void addSilent(XYChart chart, Comparison comparison) {
        double from = Double.POSITIVE_INFINITY;
        double to = 0;
        for (XYSeries series : chart.getSeriesMap().values()) {
            from = Math.min(from, series.getXMin());
            to = Math.max(to, series.getXMax());
        }
        int index = 0;
        for (Comparison.Group group : comparison.groups()) {
            Curve curve = Curve.of(group, "bytesInAll", 1);
            if (!(curve.x().get(0) > 0)) {
                double error = curve.error().get(curve.error().size() - 1);
                String name = group.name() + " (sends nothing)";
                add(
                        chart,
                        name,
                        new Curve(List.of(from, to), List.of(error, error), List.of(0.0, 0.0)),
                        index);
            }
            index++;
        }
    }

    private static void add(XYChart chart, String name, Curve curve, int index) {
        XYSeries series =
                curve.hasDeviations()
                        ? chart.addSeries(name, curve.x(), curve.error(), curve.deviation())
                        : chart.addSeries(name, curve.x(), curve.error());
        Color colour = COLOURS[index % COLOURS.length];
        series.setMarker(MARKERS[index % MARKERS.length]).setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(
                new BasicStroke(
                        2f,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_ROUND,
                        1f,
                        DASHES[index % DASHES.length],
                        0f));
    }

    private static void save(XYChart chart, Path folder, String what, PrintWriter out)
            throws IOException {
        Path file = folder.resolve("error-by-" + what);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
        out.printf("picture: %s.png and .svg%n", file);
        out.flush();
    }
}
