package org.parle.djl.comm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

import java.util.Arrays;

/**
 * Vectors on any devices, also mixed. A range is summed on the device of one of them, another one
 * for each range, so that the work is shared out.
 */
final class DeviceVectors implements VectorSet {

    private final NDArray[] vectors;

    DeviceVectors(Call[] calls) {
        vectors = Arrays.stream(calls).map(Call::vector).toArray(NDArray[]::new);
    }

    @Override
    public void mean(long from, long to, int targets) {
        if (from == to) {
            return;
        }
        int owner = (int) (from * targets / vectors[0].size());
        Device device = vectors[owner].getDevice();
        NDIndex range = new NDIndex().addSliceDim(from, to);
        try (NDManager there = vectors[owner].getManager().newSubManager(device)) {
            NDArray sum = there.create(new Shape(to - from));
            boolean mixed = Arrays.stream(vectors).anyMatch(one -> !one.getDevice().equals(device));
            NDArray near = mixed ? there.create(sum.getShape()) : null;
            try (NDArray first = vectors[0].get(range)) {
                DeviceDoor.copy(first, sum);
            }
            for (int i = 1; i < vectors.length; i++) {
                add(vectors[i], range, near, sum);
            }
            // divided by an array: CUDA would multiply by the reciprocal of a number
            sum.divi(there.create((float) vectors.length));
            for (int i = 0; i < targets; i++) {
                put(sum, vectors[i], range);
            }
        }
    }

    @Override
    public void spread(int source, long from, long to) {
        if (from == to) {
            return;
        }
        NDIndex range = new NDIndex().addSliceDim(from, to);
        try (NDArray values = vectors[source].get(range)) {
            for (int i = 0; i < vectors.length; i++) {
                if (i != source) {
                    put(values, vectors[i], range);
                }
            }
        }
    }

    /** What is elsewhere is brought near, into memory that all of them share. */
    private static void add(NDArray vector, NDIndex range, NDArray near, NDArray sum) {
        try (NDArray piece = vector.get(range)) {
            if (piece.getDevice().equals(sum.getDevice())) {
                sum.addi(piece);
            } else {
                DeviceDoor.copy(piece, near);
                sum.addi(near);
            }
        }
    }

    private static void put(NDArray values, NDArray vector, NDIndex range) {
        try (NDArray piece = vector.get(range)) {
            DeviceDoor.copy(values, piece);
        }
    }
}
