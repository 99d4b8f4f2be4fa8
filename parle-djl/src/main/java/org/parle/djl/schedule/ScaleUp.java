package org.parle.djl.schedule;

import org.parle.djl.option.Nearest;
import org.parle.djl.topology.Topology;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * By how much a learning rate found with one worker and a base batch size grows with more of them,
 * after Goyal et al. (arXiv 1706.02677) and ChocoSGD's {@code lr_scaleup}:
 *
 * <pre>
 * η' = η · s · b/b₀        b the mini-batch of one replica, b₀ the base batch size
 * none       s = 1
 * size       s = n
 * degree     s = 1 + mean degree of the graph
 * root-size  s = √(n · b/b₀) / (b/b₀),  so η' = η √(n · b/b₀)
 * </pre>
 *
 * <p>ChocoSGD takes each rank's own degree. On regular graphs that is the same; on others it would
 * give ranks rates of their own, and those of high degree more say in what is minimised.
 */
public enum ScaleUp {
    /** By the batch size only. */
    NONE,
    /** By the number of replicas, the world size. */
    SIZE,
    /** By how many replicas one mixing averages over, itself included. */
    DEGREE,
    /** By the root of the number of items in all mini-batches together. */
    ROOT_SIZE;

    /**
     * Finds a scale-up by name.
     *
     * @param name {@code none}, {@code size}, {@code degree} or {@code root-size}
     * @return the scale-up
     * @throws IllegalArgumentException if the name is not known
     */
    public static ScaleUp named(String name) {
        for (ScaleUp one : values()) {
            if (one.toString().equals(name)) {
                return one;
            }
        }
        List<String> known = Arrays.stream(values()).map(ScaleUp::toString).toList();
        throw new IllegalArgumentException(
                String.format("there is no scale-up \"%s\": %s", name, Nearest.hint(name, known)));
    }

    /**
     * Returns &eta;'/&eta;.
     *
     * @param topology who mixes with whom; complete where all replicas are averaged
     * @param batchSize b, at least 1
     * @param baseBatchSize b&#8320;, at least 1
     * @return the factor, above 0
     * @throws IllegalArgumentException if a batch size is below 1
     */
    public double factor(Topology topology, int batchSize, int baseBatchSize) {
        if (batchSize < 1 || baseBatchSize < 1) {
            throw new IllegalArgumentException(
                    "batch size and base batch size must be at least 1, not "
                            + batchSize
                            + " and "
                            + baseBatchSize);
        }
        double batches = (double) batchSize / baseBatchSize;
        int size = topology.size();
        return switch (this) {
            case NONE -> batches;
            case SIZE -> size * batches;
            case DEGREE -> (1 + 2.0 * topology.edges().size() / size) * batches;
            case ROOT_SIZE -> Math.sqrt(size * batches);
        };
    }

    /**
     * Returns the name.
     *
     * @return what {@link #named} reads
     */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
