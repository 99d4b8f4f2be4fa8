package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;

import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@link None} on a device: the vector is the message. */
final class DeviceFloats implements Packing {

    private final int[] sizes;
    private final float[] chunk = new float[Chunks.SIZE];

    DeviceFloats(int[] sizes) {
        this.sizes = sizes;
    }

    @Override
    public void compress(NDArray u, int sender, long step, ByteBuffer message) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            ByteBuffer values = u.toByteBuffer(true);
            message.put(0, values, 0, values.limit());
        }
        int from = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (!Chunks.finite(message.asFloatBuffer().slice(from, sizes[i]), chunk)) {
                throw new Refusal(i, Refusal.INPUT);
            }
            from += sizes[i];
        }
    }

    @Override
    public void add(ByteBuffer message, int sender, long step, float factor, NDArray y) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Vectors.add(factor, floats(message, y), y);
        }
    }

    @Override
    public void decode(ByteBuffer message, int sender, long step, NDArray y) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Vectors.copy(floats(message, y), y);
        }
    }

    private static NDArray floats(ByteBuffer message, NDArray y) {
        ByteBuffer copy =
                ByteBuffer.allocateDirect(message.remaining()).order(ByteOrder.nativeOrder());
        copy.put(0, message, message.position(), message.remaining());
        return y.getManager()
                .create(copy, y.getShape(), DataType.FLOAT32)
                .toDevice(y.getDevice(), false);
    }
}
