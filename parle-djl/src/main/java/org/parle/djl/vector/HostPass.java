package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * A pass through main memory by loops in Java: a piece of each vector is read into the nearest
 * cache, computed with there, and written back if it was changed.
 */
final class HostPass implements Pass {

    /** Of this many floats six vectors are half a core's nearest cache; fewer cost calls. */
    private static final int LENGTH = 1024;

    private final long from;
    private final long to;
    private final IdentityHashMap<NDArray, HostPiece> pieces = new IdentityHashMap<>();
    private final List<HostPiece> scratch = new ArrayList<>();
    private int at;
    private int length;
    private int scratchUsed;

    /** Makes a pass through some entries, as many as one buffer may hold. */
    HostPass(long from, long to) {
        this.from = from;
        this.to = to;
    }

    void run(Consumer<Pass> work) {
        int all = (int) (to - from);
        for (at = 0; at < all; at += length) {
            length = Math.min(LENGTH, all - at);
            scratchUsed = 0;
            work.accept(this);
            pieces.values().forEach(HostPiece::leave);
        }
    }

    @Override
    public Piece of(NDArray vector) {
        return pieces.computeIfAbsent(vector, key -> new HostPiece(memory(key)));
    }

    private FloatBuffer memory(NDArray vector) {
        FloatBuffer memory = MainMemory.at(vector, from, to);
        if (memory == null) {
            throw new IllegalStateException("a vector of the state is not contiguous");
        }
        return memory;
    }

    @Override
    public Piece scratch() {
        if (scratchUsed == scratch.size()) {
            scratch.add(new HostPiece(null));
        }
        return scratch.get(scratchUsed++);
    }

    /** Entries of a vector while the pass is at them; without memory of its own, scratch. */
    private final class HostPiece implements Piece {

        private final FloatBuffer memory;
        private final float[] values = new float[LENGTH];
        private boolean read;
        private boolean changed;

        HostPiece(FloatBuffer memory) {
            this.memory = memory;
        }

        private float[] values() {
            if (!read && memory != null) {
                memory.get(at, values, 0, length);
                read = true;
            }
            return values;
        }

        private float[] changed() {
            changed = true;
            return values();
        }

        private float[] values(Piece piece) {
            return ((HostPiece) piece).values();
        }

        void leave() {
            if (changed) {
                memory.put(at, values, 0, length);
            }
            read = false;
            changed = false;
        }

        @Override
        public void set(Piece x) {
            System.arraycopy(values(x), 0, values, 0, length);
            read = true;
            changed = true;
        }

        @Override
        public void scale(double a) {
            if (a != 1) {
                Floats.multiply((float) a, changed(), length);
            }
        }

        @Override
        public void add(double a, Piece x) {
            if (a == 1) {
                Floats.add(values(x), changed(), length);
            } else if (a == -1) {
                Floats.subtract(values(x), changed(), length);
            } else if (a != 0) {
                Floats.add((float) a, values(x), changed(), length);
            }
        }

        @Override
        public void addNumber(double a) {
            Floats.add((float) a, changed(), length);
        }

        @Override
        public void multiply(Piece x) {
            Floats.multiply(values(x), changed(), length);
        }

        @Override
        public void divide(Piece x) {
            Floats.divide(values(x), changed(), length);
        }

        @Override
        public void root() {
            Floats.root(changed(), length);
        }
    }
}
