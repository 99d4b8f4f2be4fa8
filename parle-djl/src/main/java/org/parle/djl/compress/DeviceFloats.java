package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;

import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;

/** {@link None} on a device: the vector is the message. */
final class DeviceFloats implements Packing {

    private final int[] sizes;
    private final float[] chunk = new float[Chunks.SIZE];

    DeviceFloats(int[] sizes) {
        this.sizes = sizes;
    }

    @Override
    public void compress(NDArray u, int sender, long step, ByteBuffer message) {
        DeviceDoor.read(u, 0, message.slice(0, Math.toIntExact(u.size() * Float.BYTES)));
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
        DeviceDoor.write(message.slice(), y, 0);
    }

    private static NDArray floats(ByteBuffer message, NDArray y) {
        NDArray floats = DeviceDoor.beside(y, m -> m.create(y.getShape()));
        DeviceDoor.write(message.slice(), floats, 0);
        return floats;
    }
}
