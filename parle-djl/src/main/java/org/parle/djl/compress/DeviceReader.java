package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

import java.nio.ByteBuffer;

/** Brings a message to the device of another array, in one transfer, and unpacks it there. */
final class DeviceReader implements AutoCloseable {

    private final NDArray bits;
    private long position;

    DeviceReader(ByteBuffer message, NDArray like) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Shape shape = new Shape(message.remaining());
            NDArray bytes = DeviceDoor.beside(like, m -> m.create(shape, DataType.UINT8));
            DeviceDoor.write(message.slice(), bytes, 0);
            bits = Bits.unpack(bytes).flatten();
            NDScope.unregister(bits);
        }
    }

    /** Reads whole numbers, in float64. */
    NDArray numbers(long count, int width) {
        return Bits.numbers(rows(count, width));
    }

    /** Reads float32. */
    NDArray floats(long count) {
        return FloatBits.floats(rows(count, Float.SIZE));
    }

    /** Returns the next bits, a row for each count. */
    NDArray rows(long count, int width) {
        long from = position;
        position += count * width;
        return bits.get(new NDIndex("{}:{}", from, position)).reshape(count, width);
    }

    @Override
    public void close() {
        bits.close();
    }
}
