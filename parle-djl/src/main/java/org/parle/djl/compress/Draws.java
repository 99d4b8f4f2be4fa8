package org.parle.djl.compress;

/**
 * Where compressors get their randomness from: uniform draws that are a function of sender, step
 * and tensor, so that a receiver can draw what the sender drew.
 */
@FunctionalInterface
public interface Draws {

    /**
     * Returns the draws for one tensor of one message.
     *
     * @param sender the rank of the message's sender
     * @param step the number of the message, differs from one of a sender's messages to the next
     * @param tensor which tensor of the message, from 0
     * @return the same sequence for the same arguments
     */
    Sequence of(int sender, long step, int tensor);

    /**
     * Returns draws that depend on a seed, too.
     *
     * @param seed the same on sender and receiver
     * @return draws that are the same bits on every machine
     */
    static Draws seeded(long seed) {
        return new SeededDraws(seed);
    }

    /** Endless draws, of which each can be asked for by its number. */
    @FunctionalInterface
    interface Sequence {

        /**
         * Fills an array with draws.
         *
         * @param from the number of the first draw, from 0
         * @param draws takes numbers in [0, 1)
         * @param length how many, from the array's start
         */
        void fill(long from, double[] draws, int length);
    }
}
