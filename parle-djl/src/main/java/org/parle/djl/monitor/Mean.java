package org.parle.djl.monitor;

/** The mean of some losses. */
final class Mean {

    private double sum;
    private long count;

    void add(double value) {
        sum += value;
        count++;
    }

    long count() {
        return count;
    }

    /** Returns the mean of what was added, and begins anew. */
    double take() {
        double mean = sum / count;
        sum = 0;
        count = 0;
        return mean;
    }
}
