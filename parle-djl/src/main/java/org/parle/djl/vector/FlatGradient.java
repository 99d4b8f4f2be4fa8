package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The gradients of a {@link FlatModel}'s arrays as one vector. What is backpropagated adds up until
 * it is cleared.
 *
 * <p>On the CPU PyTorch is made to accumulate into the vector itself, from the first gradient on:
 * then there is nothing to gather. Elsewhere the gradients are gathered at each call.
 *
 * <p>Used by one thread at a time, with gradient mode off.
 */
public final class FlatGradient {

    private static final Shape FLAT = new Shape(-1);

    private final FlatModel model;
    private final NDManager manager;
    private final boolean sharable;
    private NDArray vector;
    private boolean shared;

    /**
     * Creates the gradient of a model.
     *
     * @param model the model
     * @param manager the model's manager
     * @param sharable whether tensors may be given this vector's memory: on the CPU, and where no
     *     module keeps a tensor longer than the model lives
     */
    FlatGradient(FlatModel model, NDManager manager, boolean sharable) {
        this.model = model;
        this.manager = manager;
        this.sharable = sharable && model.layout().size() * Float.BYTES <= Integer.MAX_VALUE;
    }

    /**
     * Returns the gradient since it was last cleared.
     *
     * @return as long as the model's vector; it stays this object's, and may be changed until it is
     *     cleared
     */
    public NDArray vector() {
        if (!shared) {
            try (NDArray gathered = gather(model.arrays())) {
                if (vector == null) {
                    vector = manager.zeros(gathered.getShape());
                }
                Vectors.copy(gathered, vector);
            }
            share();
        }
        return vector;
    }

    /** Sets the gradient to zero, in the arrays too. */
    public void clear() {
        if (shared) {
            vector.subi(vector);
        }
    }

    private void share() {
        if (!sharable || model.arrays().stream().anyMatch(FlatGradient::isUnused)) {
            return;
        }
        ByteBuffer memory = vector.toByteBuffer(true);
        int from = 0;
        for (NDArray array : model.arrays()) {
            int length = Math.toIntExact(array.size() * Float.BYTES);
            try (NDArray own = array.getGradient()) {
                own.set(memory.slice(from, length).order(ByteOrder.nativeOrder()));
            }
            from += length;
        }
        shared = true;
    }

    /** An array that no forward pass has used has no gradient tensor that could be given memory. */
    private static boolean isUnused(NDArray array) {
        try (NDArray own = JniUtils.getGradient((PtNDArray) array)) {
            return own == null;
        }
    }

    /**
     * Gathers gradients into one new vector, which the caller closes, and sets them to zero.
     *
     * @param arrays arrays with gradients, on one device
     * @return their gradients in this order, as one vector
     */
    public static NDArray gather(List<NDArray> arrays) {
        NDList flat = new NDList(arrays.size());
        NDList gradients = new NDList(arrays.size());
        try {
            for (NDArray array : arrays) {
                NDArray own = array.getGradient();
                gradients.add(own);
                flat.add(own.reshape(FLAT));
            }
            NDArray gathered = NDArrays.concat(flat);
            gradients.forEach(own -> own.subi(own));
            return gathered;
        } finally {
            flat.close();
            gradients.close();
        }
    }
}
