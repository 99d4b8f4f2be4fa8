package org.parle.djl.examples.bench;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonObject;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.parle.djl.examples.picture.CurveStyle;
import org.parle.djl.topology.Topology;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Draws the error and the bytes of decentralised runs against the number of replicas, a curve for
 * each topology, from what {@code parle train --result} has written: means over the seeds, with
 * their standard deviations.
 */
public final class TopologyFigure {

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND
    };
    private static final Color[] COLOURS = {
        new Color(0x1b6ca8), new Color(0xd1495b), new Color(0x3c7a3f), new Color(0x333333)
    };
    private static final float[][] DASHES = {{1, 0}, {8, 4}, {2, 3}, {8, 3, 2, 3}};

    private TopologyFigure() {}

    /**
     * Draws the figure.
     *
     * @param args the file of results, and the PNG to write
     * @throws IOException if the one cannot be read or the other not written
     */
    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Map<String, TreeMap<Integer, List<JsonObject>>> runs = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonObject run = JsonUtils.GSON.fromJson(line, JsonObject.class);
            String topology = run.getAsJsonObject("options").get("topology").getAsString();
            runs.computeIfAbsent(topology, key -> new TreeMap<>())
                    .computeIfAbsent(run.get("replicas").getAsInt(), key -> new ArrayList<>())
                    .add(run);
        }
        XYChart error = chart("error of the averaged model, %");
        XYChart bytes = chart("kB sent by each replica in a step");
        int index = 0;
        for (Map.Entry<String, TreeMap<Integer, List<JsonObject>>> entry : runs.entrySet()) {
            add(error, entry, index, run -> 100 * run.get("validationError").getAsDouble());
            add(
                    bytes,
                    entry,
                    index,
                    run ->
                            run.get("bytesPerNeighbourPerStep").getAsDouble()
                                    / 1000
                                    * degree(entry.getKey(), run.get("replicas").getAsInt()));
            index++;
        }
        double least =
                runs.values().stream()
                        .flatMap(byReplicas -> byReplicas.values().stream())
                        .flatMap(List::stream)
                        .mapToDouble(run -> 100 * run.get("validationError").getAsDouble())
                        .min()
                        .orElseThrow(() -> new IllegalArgumentException("no runs in " + args[0]));
        error.getStyler().setYAxisMin(Math.floor(2 * least) / 2);
        bytes.getStyler().setYAxisMin(0.0);
        for (XYChart chart : List.of(error, bytes)) {
            // whole doublings get a mark only where the axis begins at one
            chart.getStyler().setXAxisMin(1.0).setXAxisMax(7.0);
        }
        BitmapEncoder.saveBitmap(List.of(error, bytes), 1, 2, args[1], BitmapFormat.PNG);
    }

    /** The axis is one of doublings. */
    private static String replicas(double doublings) {
        long whole = Math.round(doublings);
        return Math.abs(doublings - whole) < 1e-6 ? String.valueOf(1L << whole) : " ";
    }

    private static double degree(String topology, int replicas) {
        Topology graph = Topology.named(topology, replicas);
        return IntStream.range(0, replicas).map(graph::degree).average().orElseThrow();
    }

    private static XYChart chart(String what) {
        XYChart chart =
                new XYChartBuilder()
                        .width(560)
                        .height(400)
                        .xAxisTitle("replicas")
                        .yAxisTitle(what)
                        .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setMarkerSize(9);
        chart.getStyler().setErrorBarsColorSeriesColor(true);
        chart.getStyler().setXAxisTickMarkSpacingHint(50);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(TopologyFigure::replicas);
        return chart;
    }

    private static void add(
            XYChart chart,
            Map.Entry<String, ? extends Map<Integer, List<JsonObject>>> runs,
            int index,
            ToDoubleFunction<JsonObject> value) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        runs.getValue()
                .forEach(
                        (replicas, seeds) -> {
                            double[] values = seeds.stream().mapToDouble(value).toArray();
                            double mean = Arrays.stream(values).average().orElseThrow();
                            double squares =
                                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
                            // side by side, so that all bars are seen
                            x.add(Math.log(replicas) / Math.log(2) + 0.06 * (index - 1));
                            y.add(mean);
                            deviation.add(Math.sqrt(squares / Math.max(1, values.length - 1)));
                        });
        XYSeries series = chart.addSeries(runs.getKey(), x, y, deviation);
        CurveStyle.style(
                series,
                MARKERS[index % MARKERS.length],
                COLOURS[index % COLOURS.length],
                DASHES[index % DASHES.length]);
    }
}
