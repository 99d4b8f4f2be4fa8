package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.nio.ByteBuffer;

/** Brings a message to the device of another array, in one transfer, and unpacks it there. */
final class DeviceReader implements AutoCloseable {

    private final NDArray bits;
    private long position;

    DeviceReader(ByteBuffer message, NDArray like) {
        ByteBuffer copy = ByteBuffer.allocateDirect(message.remaining());
        copy.put(0, message, message.position(), message.remaining());
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Shape shape = new Shape(copy.capacity());
            NDArray bytes = like.getManager().create(copy, shape, DataType.UINT8);
            bytes = bytes.toDevice(like.getDevice(), false);
            bits = Bits.of(bytes.toType(DataType.FLOAT32, false), Byte.SIZE).flatten();
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
