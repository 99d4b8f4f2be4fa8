package org.parle.djl.algorithm;

/** Chooses how means are taken. */
final class Means {

    private Means() {}

    /** Returns the mean that the option {@code compressor} asks for. */
    static Mean of(Context context) {
        return Compression.OF_MEANS.isNone(context.options())
                ? new ExactMean(context)
                : new CompressedMean(context);
    }
}
