package org.parle.djl.option;

/** Numbers of things in words, for messages. */
public final class Counted {

    private Counted() {}

    /**
     * Returns a number and what it counts.
     *
     * @param count how many
     * @param one what one of them is called
     * @return for example 1 image, 2 images, 3 classes, 4 batches
     */
    public static String of(long count, String one) {
        String many = one.endsWith("s") || one.endsWith("ch") ? one + "es" : one + 's';
        return count + " " + (count == 1 ? one : many);
    }
}
