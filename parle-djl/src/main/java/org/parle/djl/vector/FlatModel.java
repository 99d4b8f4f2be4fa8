package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

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

    private final Layout layout;
    private final List<NDArray> arrays;
    private final boolean[] copied;
    private final NDIndex[] pieces;
    private final NDManager manager;
    private final NDArray vector;
    private final FlatGradient gradient;

    /**
     * Lays arrays out in one new vector, on their device, with their values. Gradients gathered in
     * them so far are lost: {@link FlatGradient#gather} before.
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
        gradient = new FlatGradient(this, this.manager, copied.isEmpty());
    }

    /** Has gradients add up in {@link #gradient} itself, if PyTorch can. Before the first one. */
    public void shareGradient() {
        gradient.share();
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
     * Returns the arrays' gradient as one vector.
     *
     * @return always the same object
     */
    public FlatGradient gradient() {
        return gradient;
    }

    /** Writes the vector into the arrays that are no views of it. */
    public void push() {
        for (int i = 0; i < copied.length; i++) {
            if (copied[i]) {
                try (NDArray value = piece(vector, i)) {
                    DeviceDoor.copy(value, arrays.get(i));
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
                        NDArray here = vector.get(pieces[i])) {
                    DeviceDoor.copy(value, here);
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
