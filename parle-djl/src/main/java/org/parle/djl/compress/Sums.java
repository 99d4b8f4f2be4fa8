package org.parle.djl.compress;

import java.nio.FloatBuffer;

/** Sums over long tensors in float64, four side by side: one would wait for each addition. */
final class Sums {

    private Sums() {}

    /** Returns &Vert;u&Vert;&#8321;; refuses NaN and infinity. */
    static double magnitudes(FloatBuffer u, float[] chunk) {
        double sum = 0;
        int end = u.limit();
        for (int at = u.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            u.get(at, chunk, 0, length);
            sum += magnitudes(chunk, length);
        }
        return finite(sum);
    }

    /** Returns &Vert;u&Vert;&sup2;; refuses NaN and infinity. */
    static double squares(FloatBuffer u, float[] chunk) {
        double sum = 0;
        int end = u.limit();
        for (int at = u.position(); at < end; at += Chunks.SIZE) {
            int length = Math.min(Chunks.SIZE, end - at);
            u.get(at, chunk, 0, length);
            sum += squares(chunk, length);
        }
        return finite(sum);
    }

    private static double finite(double sum) {
        // of finite floats neither sum comes near the end of float64
        if (!Double.isFinite(sum)) {
            throw Chunks.notFinite();
        }
        return sum;
    }

    private static double magnitudes(float[] x, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += Math.abs(x[i]);
            b += Math.abs(x[i + 1]);
            c += Math.abs(x[i + 2]);
            d += Math.abs(x[i + 3]);
        }
        for (; i < length; i++) {
            a += Math.abs(x[i]);
        }
        return a + b + (c + d);
    }

    private static double squares(float[] x, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
        }
        for (; i < length; i++) {
            a += (double) x[i] * x[i];
        }
        return a + b + (c + d);
    }
}
