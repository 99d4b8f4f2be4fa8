package org.parle.djl.data;

import ai.djl.translate.TranslateException;

import org.parle.djl.option.Counted;
import org.parle.djl.random.Permutation;
import org.parle.djl.random.RandomStream;

import java.io.IOException;

/** Each class cut in shares that a Dirichlet distribution gives. */
final class DirichletSharding extends Sharding {

    private static final long DEAL = 4;
    private static final long SHARE = 5;

    private final double alpha;

    DirichletSharding(double alpha) {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The alpha of dirichlet must be greater than 0 and finite, got " + alpha);
        }
        this.alpha = alpha;
    }

    @Override
    long total(int items, int size) {
        return items;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch)
            throws IOException, TranslateException {
        requireEnough(items.count(), size);
        ByLabel byLabel = items.byLabel();
        int[] sizes = new int[size];
        int[][] cuts = new int[byLabel.classes()][];
        for (int c = 0; c < cuts.length; c++) {
            cuts[c] = cuts(byLabel.size(c), shares(size, new RandomStream(seed, SHARE, c)));
            for (int a = 0; a < size; a++) {
                sizes[a] += cuts[c][a + 1] - cuts[c][a];
            }
        }
        requireNoneEmpty(sizes, items.count(), cuts.length);
        int[] own = new int[sizes[rank]];
        int filled = 0;
        for (int c = 0; c < cuts.length; c++) {
            Permutation order = new Permutation(byLabel.size(c), RandomStream.key(seed, DEAL, c));
            for (int i = cuts[c][rank]; i < cuts[c][rank + 1]; i++) {
                own[filled++] = byLabel.item(c, order.at(i));
            }
        }
        return Part.of(own, 0, own.length);
    }

    /** Turns shares into size + 1 positions of which the first is 0 and the last the count. */
    private static int[] cuts(int count, double[] shares) {
        int[] cuts = new int[shares.length + 1];
        double sum = 0;
        for (int a = 0; a < shares.length - 1; a++) {
            sum += shares[a];
            cuts[a + 1] = (int) Math.min(count, Math.round(sum * count));
        }
        cuts[shares.length] = count;
        return cuts;
    }

    /**
     * Draws from Dirichlet(&alpha;, &hellip;, &alpha;): gamma numbers over their sum. Their
     * logarithms are drawn, since for a small &alpha; the numbers themselves are too small for a
     * double.
     */
    private double[] shares(int size, RandomStream draws) {
        double[] shares = new double[size];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < size; a++) {
            shares[a] = logGamma(draws);
            greatest = Math.max(greatest, shares[a]);
        }
        double sum = 0;
        for (int a = 0; a < size; a++) {
            shares[a] = StrictMath.exp(shares[a] - greatest);
            sum += shares[a];
        }
        for (int a = 0; a < size; a++) {
            shares[a] /= sum;
        }
        return shares;
    }

    /**
     * Returns the logarithm of a number of the Gamma(&alpha;, 1) distribution: Gamma(&alpha;+1)
     * times U^(1/&alpha;) (G. Marsaglia and W. W. Tsang, "A simple method for generating gamma
     * variables", ACM TOMS 2000).
     */
    private double logGamma(RandomStream draws) {
        double d = alpha + 1 - 1. / 3;
        while (true) {
            double x = draws.normal();
            double root = 1 + x / StrictMath.sqrt(9 * d);
            double v = root * root * root;
            if (root > 0
                    && StrictMath.log(draws.uniform())
                            < .5 * x * x + d - d * v + d * StrictMath.log(v)) {
                return StrictMath.log(d)
                        + StrictMath.log(v)
                        + StrictMath.log(draws.uniform()) / alpha;
            }
        }
    }

    private void requireNoneEmpty(int[] sizes, int items, int classes) {
        for (int a = 0; a < sizes.length; a++) {
            if (sizes[a] == 0) {
                throw new IllegalArgumentException(
                        String.format(
                                "the sharding %s leaves replica %d of %d without any of the %s"
                                        + " (%s); a larger alpha, fewer replicas or"
                                        + " another seed would do",
                                this,
                                a,
                                sizes.length,
                                Counted.of(items, "item"),
                                Counted.of(classes, "label")));
            }
        }
    }

    @Override
    public String toString() {
        return "dirichlet=" + alpha;
    }
}
