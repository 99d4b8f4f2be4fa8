package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;

import java.util.List;

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
     * Refuses combinations that learn nothing or mean nothing. Called before training.
     *
     * @param options the options, each of them in range
     * @throws IllegalArgumentException if they do not fit together
     */
    default void check(Options options) {}

    /**
     * Makes the algorithm for one replica.
     *
     * @param context what it works with
     * @return the algorithm, at the place where the context's state stands
     * @throws IllegalArgumentException if the options do not fit this number of replicas
     */
    Algorithm create(Context context);
}
