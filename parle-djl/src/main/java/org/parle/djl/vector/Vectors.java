package org.parle.djl.vector;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * In-place arithmetic on whole vectors: one dimension, float32, on one device.
 *
 * <p>What runs at every step makes no temporary vectors: on the CPU fresh memory costs more than
 * the arithmetic.
 *
 * <p>Stateless. PyTorch's gradient mode must be off on the calling thread ({@link GradientMode}).
 */
public final class Vectors {

    private Vectors() {}

    /**
     * y &larr; x, in place, so that views of y see it.
     *
     * @param x what to copy
     * @param y where to, of the same length
     */
    public static void copy(NDArray x, NDArray y) {
        // copyTo would give y a new handle and cut it off from its views
        JniUtils.indexSet(
                (PtNDArray) y,
                (PtNDArray) x,
                new long[] {0},
                new long[] {y.size()},
                new long[] {1});
    }

    /**
     * y &larr; y + a x.
     *
     * @param a the factor
     * @param x the vector to add
     * @param y the vector to change
     */
    public static void add(double a, NDArray x, NDArray y) {
        if (a == 1) {
            y.addi(x);
        } else if (a == -1) {
            y.subi(x);
        } else if (a != 0) {
            try (NDArray scaled = x.mul((float) a)) {
                y.addi(scaled);
            }
        }
    }

    /**
     * y &larr; a y.
     *
     * @param a the factor
     * @param y the vector to change
     */
    public static void scale(double a, NDArray y) {
        if (a != 1) {
            y.muli((float) a);
        }
    }

    /**
     * y &larr; (1 &minus; a) y + a x.
     *
     * @param a how far to go towards x, 0 to 1
     * @param x where to go
     * @param y the vector to change
     */
    public static void mix(double a, NDArray x, NDArray y) {
        if (a != 0) {
            scale(1 - a, y);
            add(a, x, y);
        }
    }

    /**
     * Returns a (x &minus; y), a new vector, which the caller closes.
     *
     * @param a the factor
     * @param x the vector to subtract from
     * @param y the vector to subtract
     * @return the scaled difference
     */
    public static NDArray difference(double a, NDArray x, NDArray y) {
        NDArray difference = x.sub(y);
        scale(a, difference);
        return difference;
    }

    /**
     * Returns the Euclidean norm.
     *
     * @param x any vector
     * @return &Vert;x&Vert;
     */
    public static float norm(NDArray x) {
        try (NDArray norm = x.norm()) {
            return DeviceDoor.value(norm);
        }
    }

    /**
     * g &larr; g &middot; min(1, most/&Vert;g&Vert;). On a GPU the factor is computed there, with
     * the same bits, so that nobody waits for it.
     *
     * @param most the largest norm
     * @param g the vector to change
     */
    public static void clip(double most, NDArray g) {
        if (g.getDevice().isGpu()) {
            clipThere(most, g);
            return;
        }
        float norm = norm(g);
        if (norm > most) {
            scale(most / norm, g);
        }
    }

    private static void clipThere(double most, NDArray g) {
        // numbers in main memory go along with an operation, those on the device are waited for
        try (NDManager host = g.getManager().getEngine().newBaseManager(Device.cpu());
                NDArray norm = g.norm();
                NDArray wide = norm.toType(DataType.FLOAT64, false)) {
            NDArray factor = host.create(most).div(wide).minimum(host.create(1.0));
            g.muli(factor.toType(DataType.FLOAT32, false));
        }
    }

    /**
     * Returns whether every entry is finite. A sum that overflows counts as not finite: no useful
     * vector is near.
     *
     * @param x any vector
     * @return false where an entry is NaN or infinite
     */
    public static boolean finite(NDArray x) {
        try (NDArray sum = x.sum()) {
            return Float.isFinite(DeviceDoor.value(sum));
        }
    }
}
