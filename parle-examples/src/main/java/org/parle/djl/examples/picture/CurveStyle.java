package org.parle.djl.examples.picture;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;

/**
 * How the curve of one run looks, in all pictures alike.
 *
 * @param index of the run among all
 */
public record CurveStyle(int index) {

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

    /** Draws a curve. */
    void add(XYChart chart, String name, Curve curve) {
        style(
                curve.hasDeviations()
                        ? chart.addSeries(name, curve.x(), curve.error(), curve.deviation())
                        : chart.addSeries(name, curve.x(), curve.error()),
                MARKERS[index % MARKERS.length],
                COLOURS[index % COLOURS.length],
                DASHES[index % DASHES.length]);
    }

    /**
     * Draws a curve in one colour, its marks and its line.
     *
     * @param series the curve
     * @param marker its marks
     * @param colour of both
     * @param dash lengths of what is drawn and what is left out of the line, in turn
     */
    public static void style(XYSeries series, Marker marker, Color colour, float[] dash) {
        series.setMarker(marker).setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(
                new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, dash, 0f));
    }
}
