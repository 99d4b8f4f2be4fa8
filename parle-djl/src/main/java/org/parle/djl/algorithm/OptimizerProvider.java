package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.vector.Layout;

import java.util.List;
import java.util.Map;

/**
 * Tells of one optimizer: its name, its options, and how to make it. Found through {@link
 * java.util.ServiceLoader}: a provider of your own needs a public class with a public constructor
 * without arguments, named in {@code META-INF/services/org.parle.djl.algorithm.OptimizerProvider}.
 */
public interface OptimizerProvider {

    /**
     * Returns the name.
     *
     * @return lower case with hyphens, for example {@code local-sgd}
     */
    String name();

    /**
     * Says what the optimizer does and where it comes from.
     *
     * @return one line
     */
    String summary();

    /**
     * Returns the options besides {@code learningRate}, which every optimizer has.
     *
     * @return the options, in the order in which they are listed
     */
    List<Option> options();

    /**
     * Refuses combinations that learn nothing or mean nothing. Called when the optimizer is built,
     * for one replica, and before the first step for those that there are.
     *
     * @param options the options, each of them in range
     * @param replicas n
     * @throws IllegalArgumentException if they do not fit together
     */
    default void check(Options options, int replicas) {}

    /**
     * Says what may go wrong with options that are allowed. Asked once, before the first step; what
     * comes back is logged as warnings.
     *
     * @param options the options, each of them in range
     * @param layout the parameters that are trained
     * @return one line each, none where all is well
     */
    default List<String> warnings(Options options, Layout layout) {
        return List.of();
    }

    /**
     * Says what all replicas must have in common besides the options' own text, as what is in a
     * file that an option names.
     *
     * @param options the options, each of them in range
     * @param replicas n
     * @return values by name, none by default
     */
    default Map<String, String> mustAgree(Options options, int replicas) {
        return Map.of();
    }

    /**
     * Makes the algorithm for one replica.
     *
     * @param context what it works with
     * @return the algorithm, at the place where the context's state stands
     */
    Algorithm create(Context context);
}
