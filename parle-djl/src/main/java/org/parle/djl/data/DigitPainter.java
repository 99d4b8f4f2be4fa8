package org.parle.djl.data;

import org.parle.djl.random.RandomStream;

/**
 * Draws one digit at a time, each in a hand of its own: way of writing, size, slant, rotation, pen,
 * place, unsteadiness, and dirt on the paper.
 *
 * <p>Only the four operations, square roots and StrictMath: the same bits on every machine. Not
 * thread-safe; one painter per image costs little.
 */
final class DigitPainter {

    static final int SIDE = 28;

    private static final int PIECES = 5;

    private final RandomStream draws;
    private final float[] ink = new float[SIDE * SIDE];

    // what maps the unit box to pixels
    private double xx;
    private double xy;
    private double yx;
    private double yy;
    private double centreX;
    private double centreY;
    private final double[] waves = new double[12];

    private double pen;
    private double penChange;
    private double softness;

    private DigitPainter(RandomStream draws) {
        this.draws = draws;
    }

    /**
     * Draws a digit.
     *
     * @param draws the randomness
     * @param digit 0 to 9
     * @param pixels where the image goes, row by row, in [0, 1], 0 is the paper
     * @param from the index of its first pixel
     */
    static void paint(RandomStream draws, int digit, float[] pixels, int from) {
        DigitPainter painter = new DigitPainter(draws);
        painter.chooseHand();
        painter.write(digit);
        painter.smudge();
        painter.copyTo(pixels, from);
    }

    private void chooseHand() {
        double width = 13.5 * (1 + .14 * draws.roughlyNormal());
        double height = 18.5 * (1 + .10 * draws.roughlyNormal());
        double slant = .18 * draws.roughlyNormal();
        double angle = .12 * draws.roughlyNormal();
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        xx = cos * width;
        yx = sin * width;
        xy = -(slant * cos + sin) * height;
        yy = (cos - slant * sin) * height;
        centreX = 13.5 + 1.2 * draws.roughlyNormal();
        centreY = 13.5 + 1.2 * draws.roughlyNormal();
        for (int i = 0; i < waves.length; i += 3) {
            waves[i] = draws.between(-4, 4);
            waves[i + 1] = draws.between(-4, 4);
            waves[i + 2] = draws.between(0, 2 * Math.PI);
        }
        pen = draws.between(.6, 1.7);
        penChange = draws.between(-.35, .35);
        softness = draws.between(.5, 1.1);
    }

    private void write(int digit) {
        double unsteady = draws.between(.015, .05);
        double wobble = draws.between(.2, 1);
        for (double[] stroke : DigitStrokes.strokes(digit, draws.below(DigitStrokes.ways(digit)))) {
            double[] points = stroke.clone();
            for (int i = 0; i < points.length; i += 2) {
                boolean corner =
                        i > 0 && stroke[i] == stroke[i - 2] && stroke[i + 1] == stroke[i - 1];
                points[i] = corner ? points[i - 2] : points[i] + unsteady * draws.roughlyNormal();
                points[i + 1] =
                        corner ? points[i - 1] : points[i + 1] + unsteady * draws.roughlyNormal();
            }
            for (int i = 0; i < points.length; i += 2) {
                place(points, i, wobble);
            }
            curve(points);
        }
    }

    /** Maps a point of the unit box to pixels, with the hand's slow waves. */
    private void place(double[] points, int i, double wobble) {
        double x = points[i] - .5;
        double y = points[i + 1] - .5;
        points[i] = centreX + xx * x + xy * y + wobble * (wave(0, x, y) + wave(3, x, y));
        points[i + 1] = centreY + yx * x + yy * y + wobble * (wave(6, x, y) + wave(9, x, y));
    }

    private double wave(int i, double x, double y) {
        return StrictMath.sin(waves[i] * x + waves[i + 1] * y + waves[i + 2]);
    }

    /** Draws a Catmull-Rom spline through the points. */
    private void curve(double[] p) {
        int last = p.length - 2;
        double lastX = p[0];
        double lastY = p[1];
        for (int i = 0; i < last; i += 2) {
            int before = Math.max(i - 2, 0);
            int after = Math.min(i + 4, last);
            for (int piece = 1; piece <= PIECES; piece++) {
                double t = (double) piece / PIECES;
                double x = spline(t, p[before], p[i], p[i + 2], p[after]);
                double y = spline(t, p[before + 1], p[i + 1], p[i + 3], p[after + 1]);
                double along = (i + 2 * t) / last;
                line(lastX, lastY, x, y, pen * (1 + penChange * (2 * along - 1)), 1);
                lastX = x;
                lastY = y;
            }
        }
    }

    private static double spline(double t, double a, double b, double c, double d) {
        return b + .5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    /** Inks every pixel by its distance from the line; a negative strength rubs out. */
    private void line(double x0, double y0, double x1, double y1, double radius, double strength) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double square = dx * dx + dy * dy;
        double reach = radius + softness;
        int bottom = (int) Math.min(SIDE - 1, Math.max(y0, y1) + reach);
        int right = (int) Math.min(SIDE - 1, Math.max(x0, x1) + reach);
        int left = (int) Math.max(0, Math.min(x0, x1) - reach);
        for (int y = (int) Math.max(0, Math.min(y0, y1) - reach); y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double t = square > 0 ? ((x - x0) * dx + (y - y0) * dy) / square : 0;
                t = Math.max(0, Math.min(1, t));
                double ex = x - x0 - t * dx;
                double ey = y - y0 - t * dy;
                double far = ex * ex + ey * ey;
                if (far < reach * reach) {
                    double edge = Math.min(1, (reach - Math.sqrt(far)) / (2 * softness));
                    int i = y * SIDE + x;
                    if (strength > 0) {
                        ink[i] = (float) Math.max(ink[i], strength * edge);
                    } else {
                        ink[i] *= (float) (1 + strength * edge);
                    }
                }
            }
        }
    }

    /** Adds what disturbs a reader: stray lines, and bits rubbed out. */
    private void smudge() {
        if (draws.uniform() < .25) {
            stray(draws.between(.4, .8), draws.between(.3, .9), draws.between(3, 8));
        }
        if (draws.uniform() < .3) {
            stray(-.9, draws.between(.5, 1.4), draws.between(1, 8));
        }
    }

    private void stray(double strength, double radius, double length) {
        double x = draws.between(2, SIDE - 3);
        double y = draws.between(2, SIDE - 3);
        double angle = draws.between(0, 2 * Math.PI);
        double dx = length * StrictMath.cos(angle);
        double dy = length * StrictMath.sin(angle);
        line(x, y, x + dx, y + dy, radius, strength);
    }

    private void copyTo(float[] pixels, int from) {
        double strength = draws.between(.7, 1);
        double noise = draws.between(0, .1);
        for (int i = 0; i < ink.length; i++) {
            double value = strength * ink[i] + noise * draws.roughlyNormal();
            pixels[from + i] = (float) Math.max(0, Math.min(1, value));
        }
    }
}
