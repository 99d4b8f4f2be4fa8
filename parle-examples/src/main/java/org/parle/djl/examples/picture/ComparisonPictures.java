package org.parle.djl.examples.picture;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.parle.djl.examples.result.Comparison;
import org.parle.djl.examples.result.RunGroup;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Validation error against training time, against bytes and against gradients: a line for each run,
 * its mean over the seeds, with bars of one deviation up and down.
 */
public final class ComparisonPictures {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 520;

    /**
     * Above this many times the largest error at the end the axis is cut: the start says little.
     */
    private static final double SHOWN = 4;

    private ComparisonPictures() {}

    /** Needs no display; before the first use of AWT. */
    public static void prepare() {
        System.setProperty("java.awt.headless", "true");
    }

    public static void draw(Comparison comparison, Path folder, PrintWriter out)
            throws IOException {
        save(chart(comparison, "trainingSeconds", 1, "training time, s"), folder, "time", out);
        double most = most(comparison, "gradientsInAll");
        double unit = most >= 10_000 ? 1e-3 : 1;
        String thousands = unit < 1 ? "thousands of " : "";
        String gradients = thousands + "mini-batch gradients of all replicas";
        save(chart(comparison, "gradientsInAll", unit, gradients), folder, "gradients", out);
        String sent = "bytesInAll";
        if (comparison.groups().stream().anyMatch(group -> Curve.of(group, sent, 1).isShown())) {
            XYChart bytes = chart(comparison, sent, 1e-6, "sent by all replicas, MB");
            addSilent(bytes, comparison);
            bytes.getStyler().setXAxisLogarithmic(true);
            save(bytes, folder, "bytes", out);
        }
    }

    private static double most(Comparison comparison, String name) {
        return comparison.groups().stream()
                .flatMap(group -> group.complete().stream())
                .mapToDouble(run -> run.result(name))
                .max()
                .orElse(0);
    }

    public static XYChart chart(Comparison comparison, String name, double unit, String axis) {
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
        for (RunGroup group : comparison.groups()) {
            Curve curve = Curve.of(group, name, unit);
            boolean ended = !group.complete().isEmpty();
            // what has diverged ends anywhere
            worst = ended ? Math.max(worst, curve.last()) : worst;
            first = curve.error().stream().reduce(first, Math::max);
            if (curve.isShown() || !ended) {
                Curve shown = curve.isShown() ? curve : Curve.NONE;
                new CurveStyle(index).add(chart, label(group, ""), shown);
            }
            index++;
        }
        chart.getStyler().setYAxisMin(0.0);
        if (worst > 0 && first > SHOWN * worst) {
            chart.getStyler().setYAxisMax(SHOWN * worst);
        }
        return chart;
    }

    private static String label(RunGroup group, String more) {
        String divergence = group.divergence();
        return group.name() + more + (divergence.isEmpty() ? "" : "\n(" + divergence + ')');
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
        for (RunGroup group : comparison.groups()) {
            Curve curve = Curve.of(group, "bytesInAll", 1);
            if (!curve.isShown() && !group.complete().isEmpty()) {
                double error = curve.last();
                Curve level =
                        new Curve(List.of(from, to), List.of(error, error), List.of(0.0, 0.0));
                new CurveStyle(index).add(chart, label(group, " (sends nothing)"), level);
            }
            index++;
        }
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
