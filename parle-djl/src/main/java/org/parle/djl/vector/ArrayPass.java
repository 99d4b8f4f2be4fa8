package org.parle.djl.vector;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** A pass by PyTorch's operations, on any device: whole vectors, or views that end with it. */
final class ArrayPass implements Pass, AutoCloseable {

    private final long from;
    private final long to;
    private final IdentityHashMap<NDArray, ArrayPiece> pieces = new IdentityHashMap<>();
    private final List<NDArray> own = new ArrayList<>();
    private NDManager manager;

    ArrayPass(long from, long to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public Piece of(NDArray vector) {
        manager = vector.getManager();
        return pieces.computeIfAbsent(vector, key -> new ArrayPiece(part(key)));
    }

    private NDArray part(NDArray vector) {
        if (to - from == vector.size()) {
            return vector;
        }
        NDArray view = JniUtils.slice((PtNDArray) vector, 0, from, to, 1);
        own.add(view);
        return view;
    }

    @Override
    public Piece scratch() {
        NDArray scratch = manager.create(new Shape(to - from));
        own.add(scratch);
        return new ArrayPiece(scratch);
    }

    @Override
    public void close() {
        own.forEach(NDArray::close);
    }

    /** Entries in an array. */
    private static final class ArrayPiece implements Piece {

        private final NDArray y;

        ArrayPiece(NDArray y) {
            this.y = y;
        }

        private static NDArray array(Piece piece) {
            return ((ArrayPiece) piece).y;
        }

        @Override
        public void set(Piece x) {
            Vectors.copy(array(x), y);
        }

        @Override
        public void scale(double a) {
            Vectors.scale(a, y);
        }

        @Override
        public void add(double a, Piece x) {
            Vectors.add(a, array(x), y);
        }

        @Override
        public void addNumber(double a) {
            y.addi((float) a);
        }

        @Override
        public void multiply(Piece x) {
            y.muli(array(x));
        }

        @Override
        public void divide(Piece x) {
            y.divi(array(x));
        }

        @Override
        public void root() {
            try (NDArray root = y.sqrt()) {
                Vectors.copy(root, y);
            }
        }
    }
}
