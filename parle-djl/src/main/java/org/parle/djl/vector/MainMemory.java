package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The way to a vector's own memory, where Java can reach it. Stateless. */
public final class MainMemory {

    /** The most floats that one buffer may hold; a power of two. */
    static final long LONGEST = 1L << 28;

    private MainMemory() {}

    /** Tells whether there is a way, to a vector that is not empty. */
    static boolean isOpen(NDArray vector) {
        return !vector.getDevice().isGpu() && at(vector, 0, Math.min(2, vector.size())) != null;
    }

    /**
     * Returns the memory of some entries itself, good for as long as the vector is.
     *
     * @param vector one dimension, float32, on the CPU
     * @param from the first entry
     * @param to one past the last entry, fewer than 2<sup>29</sup> behind the first
     * @return its memory, or null if it is not contiguous
     */
    public static FloatBuffer at(NDArray vector, long from, long to) {
        try (NDManager probing = vector.getManager().newSubManager()) {
            NDArray view = JniUtils.slice((PtNDArray) vector, 0, from, to, 1);
            view.attach(probing);
            ByteBuffer memory = view.toByteBuffer(true);
            // where it is not contiguous DJL gives a copy, which its manager keeps
            boolean itself = probing.getManagedArrays().size() == 1;
            return itself ? memory.order(ByteOrder.nativeOrder()).asFloatBuffer() : null;
        }
    }
}
