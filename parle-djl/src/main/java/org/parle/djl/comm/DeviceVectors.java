package org.parle.djl.comm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

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
        // divided by an array: CUDA would multiply by the reciprocal of a number
        try (NDArray first = vectors[0].get(range);
                NDArray sum = first.toDevice(device, true);
                NDArray count = sum.getManager().create((float) vectors.length);
                NDArray divisor = count.toDevice(device, true)) {
            for (int i = 1; i < vectors.length; i++) {
                addTo(sum, vectors[i], range);
            }
            sum.divi(divisor);
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

    private static void addTo(NDArray sum, NDArray vector, NDIndex range) {
        try (NDArray piece = vector.get(range)) {
            NDArray near = piece.toDevice(sum.getDevice(), false);
            sum.addi(near);
            if (near != piece) {
                near.close();
            }
        }
    }

    private static void put(NDArray values, NDArray vector, NDIndex range) {
        NDArray near = values.toDevice(vector.getDevice(), false);
        vector.set(range, near);
        if (near != values) {
            near.close();
        }
    }
}
