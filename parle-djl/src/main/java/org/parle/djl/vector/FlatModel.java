package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import java.util.List;
import java.util.function.IntPredicate;

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
    private final NDManager manager;
    private final NDArray vector;

    /**
     * Lays arrays out in one new vector, on their device, with their values.
     *
     * @param manager what the vector's manager is made from
     * @param names the arrays' names
     * @param arrays the arrays; they go on being their owner's
     * @param copied whether the i-th piece must be copied, since a view of it would not be seen
     * @throws IllegalArgumentException if an array is not float32; the message names it
     */
    public FlatModel(
            NDManager manager, List<String> names, List<NDArray> arrays, IntPredicate copied) {
        layout = Layout.of(names, arrays);
        this.arrays = List.copyOf(arrays);
        this.copied = new boolean[arrays.size()];
        this.manager = manager.newSubManager(arrays.get(0).getDevice());
        this.manager.setName("flat model");
        vector = this.manager.create(new Shape(layout.size()));
        long[] offsets = layout.offsets();
        for (int i = 0; i < arrays.size(); i++) {
            this.copied[i] = copied.test(i);
            NDArray array = arrays.get(i);
            try (NDArray value = array.flatten()) {
                vector.set(new NDIndex("{}:{}", offsets[i], offsets[i + 1]), value);
            }
            if (!this.copied[i]) {
                boolean gradient = array.hasGradient();
                array.intern(piece(i));
                array.setRequiresGradient(gradient);
            }
        }
    }

    private NDArray piece(int i) {
        long[] offsets = layout.offsets();
        try (NDArray slice = vector.get(new NDIndex("{}:{}", offsets[i], offsets[i + 1]))) {
            return slice.reshape(layout.shapes().get(i));
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
     * Gathers the gradients into one new vector, which the caller closes, and sets them to zero: so
     * what is backpropagated until the next call adds up.
     *
     * @return the gradient, as long as the vector
     */
    public NDArray takeGradient() {
        NDList pieces = new NDList(arrays.size());
        NDList gradients = new NDList(arrays.size());
        try {
            for (NDArray array : arrays) {
                NDArray gradient = array.getGradient();
                gradients.add(gradient);
                pieces.add(gradient.reshape(FLAT));
            }
            NDArray gathered = NDArrays.concat(pieces);
            gathered.attach(manager);
            gradients.forEach(gradient -> gradient.subi(gradient));
            return gathered;
        } finally {
            pieces.close();
            gradients.close();
        }
    }

    /** Writes the vector into the arrays that are no views of it. */
    public void push() {
        push(vector);
    }

    /**
     * Writes another vector of this layout into the arrays that are no views.
     *
     * @param other what the module shall compute with
     */
    public void push(NDArray other) {
        long[] offsets = layout.offsets();
        for (int i = 0; i < copied.length; i++) {
            if (copied[i]) {
                try (NDArray slice = other.get(new NDIndex("{}:{}", offsets[i], offsets[i + 1]));
                        NDArray shaped = slice.reshape(layout.shapes().get(i))) {
                    arrays.get(i).set(new NDIndex("..."), shaped);
                }
            }
        }
    }

    /** Reads the arrays that are no views into the vector. */
    public void pull() {
        long[] offsets = layout.offsets();
        for (int i = 0; i < copied.length; i++) {
            if (copied[i]) {
                try (NDArray value = arrays.get(i).flatten()) {
                    vector.set(new NDIndex("{}:{}", offsets[i], offsets[i + 1]), value);
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
        for (int i = 0; i < copied.length; i++) {
            NDArray array = arrays.get(i);
            if (!copied[i] && !array.isReleased()) {
                boolean gradient = array.hasGradient();
                array.intern(array.duplicate());
                array.setRequiresGradient(gradient);
            }
        }
        manager.close();
    }
}
