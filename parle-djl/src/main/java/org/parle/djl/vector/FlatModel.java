package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * Arrays of a block as one vector of float32.
 *
 * <p>Where DJL computes with the arrays themselves they become views: a change of the vector is a
 * change of the arrays, and the other way round. TorchScript modules compute with tensors of their
 * own: such pieces are copied, by {@link #push} after the vector changed and by {@link #pull} after
 * they changed.
 *
 * <p>Used by one thread at a time, with gradient mode off.
 */
public final class FlatModel implements AutoCloseable {

    private static final Shape FLAT = new Shape(-1);

    private final Layout layout;
    private final List<NDArray> arrays;
    private final boolean[] copied;
    private final NDIndex[] pieces;
    private final NDManager manager;
    private final NDArray vector;
    private NDArray gradient;
    private boolean gradientShared;

    /**
     * Lays arrays out in one new vector, on their device, with their values. Gradients gathered in
     * them so far are lost: {@link #gatherGradient} before.
     *
     * @param manager what the vector's manager is made from
     * @param names the arrays' names
     * @param arrays the arrays, at least one; they go on being their owner's
     * @param copied the names of the pieces that must be copied, since a view would not be seen
     * @throws IllegalArgumentException if an array is not float32; the message names it
     */
    public FlatModel(
            NDManager manager, List<String> names, List<NDArray> arrays, Set<String> copied) {
        layout = Layout.of(names, arrays);
        this.arrays = List.copyOf(arrays);
        this.copied = new boolean[arrays.size()];
        this.manager = manager.newSubManager(arrays.get(0).getDevice());
        this.manager.setName("flat model");
        vector = this.manager.create(new Shape(layout.size()));
        long[] offsets = layout.offsets();
        pieces = new NDIndex[arrays.size()];
        for (int i = 0; i < arrays.size(); i++) {
            pieces[i] = new NDIndex("{}:{}", offsets[i], offsets[i + 1]);
            this.copied[i] = copied.contains(names.get(i));
            pull(i);
            if (!this.copied[i]) {
                share(i, piece(vector, i));
            }
        }
    }

    /** Gives the i-th array other memory, and leaves its need of a gradient as it is. */
    private void share(int i, NDArray memory) {
        NDArray array = arrays.get(i);
        boolean gradient = array.hasGradient();
        array.intern(memory);
        array.setRequiresGradient(gradient);
    }

    private NDArray piece(NDArray whole, int i) {
        try (NDArray slice = whole.get(pieces[i])) {
            return slice.reshape(layout.shapes().get(i));
        }
    }

    private void pull(int i) {
        try (NDArray value = arrays.get(i).flatten()) {
            vector.set(pieces[i], value);
        }
    }

    /**
     * Returns the vector.
     *
     * @return the vector itself: changes in place change the block
     */
    public NDArray vector() {
        return vector;
    }

    /**
     * Returns where each array lies in the vector.
     *
     * @return the layout
     */
    public Layout layout() {
        return layout;
    }

    /**
     * Returns the arrays that are laid out.
     *
     * @return the arrays, in the layout's order
     */
    public List<NDArray> arrays() {
        return arrays;
    }

    /**
     * Returns the gradient since the last {@link #clearGradient}: what was backpropagated adds up.
     *
     * @return the gradient, as long as the vector; it stays this object's, and may be changed until
     *     it is cleared
     */
    public NDArray gradient() {
        if (!gradientShared) {
            NDArray gathered = gatherGradient(arrays);
            if (gradient == null) {
                gradient = manager.zeros(vector.getShape());
            }
            Vectors.copy(gathered, gradient);
            gathered.close();
            shareGradient();
        }
        return gradient;
    }

    /** Sets the gradient to zero, in the arrays too. */
    public void clearGradient() {
        if (gradient != null) {
            gradient.subi(gradient);
        }
    }

    /**
     * Lets PyTorch accumulate into the one vector from now on, so that nothing is left to gather:
     * on the CPU, where a tensor can be given memory from outside, and where no module keeps a
     * tensor longer than this object lives.
     */
    private void shareGradient() {
        boolean foreign = vector.getDevice().isGpu();
        for (boolean copy : copied) {
            foreign |= copy;
        }
        if (foreign || vector.size() * Float.BYTES > Integer.MAX_VALUE) {
            return;
        }
        ByteBuffer memory = gradient.toByteBuffer(true);
        long[] offsets = layout.offsets();
        for (int i = 0; i < pieces.length; i++) {
            if (JniUtils.getGradient((PtNDArray) arrays.get(i)) == null) {
                // not used by the forward pass so far: there is no tensor to give memory to
                return;
            }
        }
        for (int i = 0; i < pieces.length; i++) {
            int from = Math.toIntExact(offsets[i] * Float.BYTES);
            int length = Math.toIntExact((offsets[i + 1] - offsets[i]) * Float.BYTES);
            try (NDArray own = arrays.get(i).getGradient()) {
                own.set(memory.slice(from, length).order(ByteOrder.nativeOrder()));
            }
        }
        gradientShared = true;
    }

    /**
     * Gathers gradients into one new vector, which the caller closes, and sets them to zero.
     *
     * @param arrays arrays with gradients, on one device
     * @return their gradients in this order, as one vector
     */
    public static NDArray gatherGradient(List<NDArray> arrays) {
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

    /** Writes the vector into the arrays that are no views of it. */
    public void push() {
        for (int i = 0; i < copied.length; i++) {
            if (copied[i]) {
                try (NDArray value = piece(vector, i)) {
                    arrays.get(i).set(new NDIndex("..."), value);
                }
            }
        }
    }

    /** Reads the arrays that are no views into the vector. */
    public void pull() {
        for (int i = 0; i < copied.length; i++) {
            if (copied[i]) {
                pull(i);
            }
        }
    }

    /**
     * Copies the entries of the parameters that two layouts share.
     *
     * @param from a vector of the other layout
     * @param other the other layout
     * @param to a vector of this layout
     */
    public void move(NDArray from, Layout other, NDArray to) {
        long[] offsets = other.offsets();
        for (int i = 0; i < pieces.length; i++) {
            int j = other.names().indexOf(layout.names().get(i));
            if (j >= 0) {
                try (NDArray value = from.get(new NDIndex("{}:{}", offsets[j], offsets[j + 1]))) {
                    to.set(pieces[i], value);
                }
            }
        }
    }

    /**
     * Copies the entries of some parameters from another vector of this layout.
     *
     * @param from where from, on any device
     * @param names the parameters to copy
     */
    public void take(NDArray from, Set<String> names) {
        for (int i = 0; i < pieces.length; i++) {
            if (names.contains(layout.names().get(i))) {
                try (NDArray value = from.get(pieces[i]);
                        NDArray here = value.toDevice(vector.getDevice(), true)) {
                    vector.set(pieces[i], here);
                }
            }
        }
    }

    /**
     * Frees the vector. Arrays that were views get memory of their own again, with their values, so
     * that their owner can go on with them.
     */
    @Override
    public void close() {
        close(Set.of());
    }

    /**
     * Frees the vector, but leaves some arrays as they are, since a new layout has them already.
     *
     * @param moved the names of the arrays to leave
     */
    public void close(Set<String> moved) {
        for (int i = 0; i < copied.length; i++) {
            boolean mine = !copied[i] && !moved.contains(layout.names().get(i));
            if (mine && !arrays.get(i).isReleased()) {
                share(i, arrays.get(i).duplicate());
            }
        }
        manager.close();
    }
}
