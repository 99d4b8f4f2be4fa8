package org.parle.djl.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * The largest |eigenvalue| of W besides that of the mean, by Lanczos' method: W is multiplied with
 * vectors only, neighbour by neighbour, and each new vector is made orthogonal to all before it and
 * to the vector of ones (W's eigenvector of the eigenvalue 1). After Golub and Van Loan, Matrix
 * Computations, section 10.3.
 */
final class SpectralNorm {

    /** Below this a new vector is rounding noise: all of W has been seen. */
    private static final double NOTHING = 1e-12;

    private static final double ACCURACY = 1e-14;
    private static final int CHECK_EVERY = 20;

    private final int size;
    private final IntUnaryOperator degree;
    private final IntFunction<int[]> neighbours;
    private final List<double[]> basis = new ArrayList<>();
    private final List<Double> diagonal = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();

    private SpectralNorm(int size, IntUnaryOperator degree, IntFunction<int[]> neighbours) {
        this.size = size;
        this.degree = degree;
        this.neighbours = neighbours;
    }

    static double besidesTheMean(int size, IntUnaryOperator degree, IntFunction<int[]> neighbours) {
        return new SpectralNorm(size, degree, neighbours).compute();
    }

    private double compute() {
        double[] v = new double[size];
        // any start will do that has a part of every eigenvector; the same one gives the same
        // digits
        Random random = new Random(1);
        for (int i = 0; i < size; i++) {
            v[i] = random.nextGaussian();
        }
        double length = orthogonal(v);
        double found = 0;
        while (length > NOTHING && basis.size() < size - 1) {
            scale(v, 1 / length);
            basis.add(v);
            double[] next = times(v);
            diagonal.add(dot(next, v));
            length = orthogonal(next);
            v = next;
            if (basis.size() % CHECK_EVERY == 0) {
                double norm = norm();
                if (norm - found < ACCURACY) {
                    return norm;
                }
                found = norm;
            }
            beside.add(length);
        }
        return norm();
    }

    /** Returns W v. */
    private double[] times(double[] v) {
        double[] product = new double[size];
        for (int i = 0; i < size; i++) {
            // Σ_j w_ij v_j with w_ii = 1 − Σ_j w_ij
            double sum = v[i];
            int own = degree.applyAsInt(i);
            for (int j : neighbours.apply(i)) {
                sum += (v[j] - v[i]) / (1 + Math.max(own, degree.applyAsInt(j)));
            }
            product[i] = sum;
        }
        return product;
    }

    /** Takes the ones and the basis out of v; returns what length is left. */
    private double orthogonal(double[] v) {
        // twice is enough against cancellation (Kahan and Parlett)
        for (int pass = 0; pass < 2; pass++) {
            double mean = 0;
            for (double x : v) {
                mean += x / size;
            }
            for (int i = 0; i < size; i++) {
                v[i] -= mean;
            }
            for (double[] u : basis) {
                double part = dot(u, v);
                for (int i = 0; i < size; i++) {
                    v[i] -= part * u[i];
                }
            }
        }
        return Math.sqrt(dot(v, v));
    }

    /** Returns the largest |eigenvalue| of the tridiagonal matrix so far, by bisection. */
    private double norm() {
        double low = 0;
        double high = 1;
        while (high - low > ACCURACY / 10 && low < (low + high) / 2 && (low + high) / 2 < high) {
            double middle = (low + high) / 2;
            boolean outside = below(middle) < diagonal.size() || below(-middle) > 0;
            low = outside ? middle : low;
            high = outside ? high : middle;
        }
        // what is left of nothing is rounding
        return high < NOTHING ? 0 : (low + high) / 2;
    }

    /** Returns how many eigenvalues lie below x: Sturm's count of negative pivots. */
    private int below(double x) {
        int count = 0;
        double pivot = 1;
        for (int i = 0; i < diagonal.size(); i++) {
            double b = i == 0 ? 0 : beside.get(i - 1);
            pivot = diagonal.get(i) - x - b * b / pivot;
            // 0 would divide by zero in the next line
            pivot = Math.abs(pivot) < 1e-300 ? -1e-300 : pivot;
            count += pivot < 0 ? 1 : 0;
        }
        return count;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void scale(double[] v, double factor) {
        for (int i = 0; i < v.length; i++) {
            v[i] *= factor;
        }
    }
}
