package org.parle.djl.vector;

/**
 * Loops over Java's arrays, one operation each, small enough that the compiler vectorises them.
 * They round as PyTorch's operations do: each once, to the nearest float. Of roots PyTorch's may be
 * the next float.
 */
final class Floats {

    private Floats() {}

    static void add(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += x[i];
        }
    }

    static void subtract(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] -= x[i];
        }
    }

    static void add(float a, float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += a * x[i];
        }
    }

    static void add(float a, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += a;
        }
    }

    static void multiply(float a, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] *= a;
        }
    }

    static void multiply(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] *= x[i];
        }
    }

    static void divide(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] /= x[i];
        }
    }

    static void root(float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = (float) Math.sqrt(y[i]);
        }
    }
}
