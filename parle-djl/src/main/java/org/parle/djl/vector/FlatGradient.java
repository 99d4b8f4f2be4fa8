package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.util.List;

/**
 * The gradients of a {@link FlatModel}'s arrays as one vector. What is backpropagated adds up until
 * it is cleared.
 *
 * <p>PyTorch can be made to accumulate into the vector itself ({@link #share}): then there is
 * nothing to gather. Elsewhere the gradients are gathered at each call, and are there twice until
 * they are cleared.
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
     * @param sharable whether tensors may be given this vector's memory: where no module keeps a
     *     tensor longer than the model lives
     */
    FlatGradient(FlatModel model, NDManager manager, boolean sharable) {
        this.model = model;
        this.manager = manager;
        this.sharable = sharable;
    }

    /**
     * Returns the gradient since it was last cleared; where it is gathered, that is done once.
     *
     * @return as long as the model's vector; it stays this object's, and may be changed until it is
     *     cleared
     */
    public NDArray vector() {
        if (vector == null) {
            vector = gather(model.arrays());
            vector.attach(manager);
        }
        return vector;
    }

    /** Sets the gradient to zero, in the arrays too. */
    public void clear() {
        if (shared) {
            vector.subi(vector);
        } else {
            free();
        }
    }

    private void free() {
        if (vector != null) {
            vector.close();
            vector = null;
        }
    }

    /**
     * Has PyTorch accumulate into this vector, if that is possible. For arrays that were just laid
     * out, so before their first gradient.
     */
    void share() {
        if (!sharable || model.arrays().stream().anyMatch(FlatGradient::hasOwn)) {
            return;
        }
        vector = manager.zeros(new Shape(model.layout().size()));
        long from = 0;
        for (NDArray array : model.arrays()) {
            share(array, from);
            from += array.size();
        }
        shared = isShared();
        vector.subi(vector);
        if (!shared) {
            // some may write to it all the same
            free();
        }
    }

    /**
     * An array takes its first gradient as it comes, without a copy. One that is a view of the
     * vector comes out of a reshape's backward pass; so graphs that are older than the newest
     * layout own what they write to, whoever is closed.
     */
    private void share(NDArray array, long from) {
        Shape row = new Shape(1, array.size());
        try (NDArray piece = vector.get(new NDIndex("{}:{}", from, from + array.size()));
                NDArray gradient = piece.reshape(row);
                GradientMode on = GradientMode.on();
                NDArray reshaped = array.reshape(row)) {
            if (on != null) {
                JniUtils.backward((PtNDArray) reshaped, (PtNDArray) gradient, false, false);
            }
        }
    }

    /** Asks PyTorch whether it has done so. */
    private boolean isShared() {
        try (NDArray ones = vector.onesLike()) {
            vector.addi(ones);
        }
        return model.arrays().stream().allMatch(FlatGradient::beginsWithOne);
    }

    private static boolean beginsWithOne(NDArray array) {
        try (NDArray own = array.getGradient();
                NDArray flat = own.reshape(FLAT)) {
            if (flat.isEmpty()) {
                return true;
            }
            try (NDArray first = flat.get(new NDIndex("0:1"))) {
                return DeviceDoor.value(first) == 1;
            }
        }
    }

    private static boolean hasOwn(NDArray array) {
        if (!array.hasGradient()) {
            return true;
        }
        try (NDArray own = JniUtils.getGradient((PtNDArray) array)) {
            return own != null;
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
