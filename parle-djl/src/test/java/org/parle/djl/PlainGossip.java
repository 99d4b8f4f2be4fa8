package org.parle.djl;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The decentralised algorithms once more: all replicas in one loop, in double precision, with every
 * matrix written out. η = 0.05, μ = 0.9, wd = 0.001.
 */
final class PlainGossip {

    static final double RATE = 0.05;
    static final double MOMENTUM = 0.9;
    static final double DECAY = 0.001;

    private final Reference.Problem problem;
    private final double[][] mixing;
    private final UnaryOperator<double[]> compressor;
    private final double gamma;
    private final int n;
    private final int d;
    private final double[][] x;
    private final double[][] v;
    private final double[][] hat;
    private final double[][] mem;
    private int k;

    /**
     * Starts a run.
     *
     * @param problem of n replicas
     * @param mixing W
     * @param compressor Q
     * @param gamma the consensus step, where there is one
     */
    PlainGossip(
            Reference.Problem problem,
            double[][] mixing,
            UnaryOperator<double[]> compressor,
            double gamma) {
        this.problem = problem;
        this.mixing = mixing;
        this.compressor = compressor;
        this.gamma = gamma;
        n = mixing.length;
        d = problem.w0.length;
        x = start();
        v = new double[n][d];
        hat = new double[n][d];
        mem = new double[n][d];
    }

    private double[][] start() {
        double[][] all = new double[n][d];
        for (double[] one : all) {
            for (int i = 0; i < d; i++) {
                one[i] = problem.w0[i];
            }
        }
        return all;
    }

    /** Takes one step of the algorithm of that name. */
    void step(String algorithm) {
        k++;
        if (k == 1 && (algorithm.equals("dcd-sgd") || algorithm.equals("ecd-sgd"))) {
            double[][] initial = start();
            for (int i = 0; i < n; i++) {
                hat[i] = initial[i];
            }
        }
        double[][] dir = directions();
        switch (algorithm) {
            case "adapt-then-combine" -> set(x, mix(plus(x, -RATE, dir)));
            case "adapt-with-combine" -> set(x, plus(mix(x), -RATE, dir));
            case "choco-sgd" -> choco(dir);
            case "dcd-sgd" -> dcd(dir);
            case "ecd-sgd" -> ecd(dir);
            case "deep-squeeze" -> deepSqueeze(dir);
            default -> throw new IllegalArgumentException(algorithm);
        }
    }

    private void choco(double[][] dir) {
        set(x, plus(plus(x, -RATE, dir), gamma, plus(mem, -1, hat)));
        double[][] q = compress(plus(x, -1, hat));
        set(hat, plus(hat, 1, q));
        set(mem, plus(mem, 1, mix(q)));
    }

    private void dcd(double[][] dir) {
        double[][] h = plus(mix(hat), -RATE, dir);
        set(hat, plus(hat, 1, compress(plus(h, -1, x))));
        set(x, hat);
    }

    private void ecd(double[][] dir) {
        double[][] next = plus(mix(hat), -RATE, dir);
        double[][] s = plus(x, k / 2.0, plus(next, -1, x));
        set(hat, plus(hat, 2.0 / k, plus(compress(s), -1, hat)));
        set(x, next);
    }

    /** mem takes the place of the errors here. */
    private void deepSqueeze(double[][] dir) {
        set(x, plus(x, -RATE, dir));
        double[][] sum = plus(mem, 1, x);
        double[][] q = compress(sum);
        set(mem, plus(sum, -1, q));
        set(x, plus(x, gamma, plus(mix(q), -1, q)));
    }

    private double[][] directions() {
        double[][] dir = new double[n][d];
        for (int a = 0; a < n; a++) {
            double[] gradient = gradient(a);
            for (int i = 0; i < d; i++) {
                double g = gradient[i] + DECAY * x[a][i];
                v[a][i] = MOMENTUM * v[a][i] + g;
                dir[a][i] = g + MOMENTUM * v[a][i];
            }
        }
        return dir;
    }

    private double[] gradient(int a) {
        double[] gradient = new double[d];
        for (int row = 0; row < problem.b[a].length; row++) {
            double residual = -problem.b[a][row];
            for (int i = 0; i < d; i++) {
                residual += problem.A[a][row][i] * x[a][i];
            }
            for (int i = 0; i < d; i++) {
                gradient[i] += problem.A[a][row][i] * residual;
            }
        }
        return gradient;
    }

    private double[][] compress(double[][] u) {
        double[][] q = new double[n][d];
        for (int a = 0; a < n; a++) {
            for (Reference.Piece piece : problem.parameters) {
                int end = piece.offset + piece.size;
                double[] part = compressor.apply(Arrays.copyOfRange(u[a], piece.offset, end));
                System.arraycopy(part, 0, q[a], piece.offset, piece.size);
            }
        }
        return q;
    }

    private double[][] mix(double[][] u) {
        double[][] sum = new double[n][d];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                for (int i = 0; i < d; i++) {
                    sum[a][i] += mixing[a][b] * u[b][i];
                }
            }
        }
        return sum;
    }

    private double[][] plus(double[][] u, double factor, double[][] w) {
        double[][] sum = new double[n][d];
        for (int a = 0; a < n; a++) {
            for (int i = 0; i < d; i++) {
                sum[a][i] = u[a][i] + factor * w[a][i];
            }
        }
        return sum;
    }

    private static void set(double[][] target, double[][] values) {
        for (int a = 0; a < target.length; a++) {
            target[a] = values[a].clone();
        }
    }

    double[][] weights() {
        return x;
    }

    double[] mean() {
        double[] mean = new double[d];
        for (double[] one : x) {
            for (int i = 0; i < d; i++) {
                mean[i] += one[i] / n;
            }
        }
        return mean;
    }

    static double[] sign(double[] u) {
        double scale = Arrays.stream(u).map(Math::abs).sum() / u.length;
        return Arrays.stream(u).map(entry -> entry >= 0 ? scale : -scale).toArray();
    }

    /** The half of the entries that is largest. */
    static double[] topHalf(double[] u) {
        double[] q = new double[u.length];
        for (int kept = 0; kept < Math.max(1, u.length / 2); kept++) {
            int largest = -1;
            for (int i = 0; i < u.length; i++) {
                if (q[i] == 0 && (largest < 0 || Math.abs(u[i]) > Math.abs(u[largest]))) {
                    largest = i;
                }
            }
            q[largest] = u[largest];
        }
        return q;
    }
}
