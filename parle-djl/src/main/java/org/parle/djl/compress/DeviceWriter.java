package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.DeviceDoor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the bits of a message on a device, one byte for a bit, and at last packs and fetches
 * them.
 */
final class DeviceWriter implements AutoCloseable {

    /** Floats whose bits are the last columns of some rows. */
    private record Floats(NDArray values, NDArray rows) {}

    private final NDArray bits;
    private final List<Floats> floats = new ArrayList<>();
    private final List<NDArray> checks = new ArrayList<>();
    private long position;

    /**
     * Begins a message.
     *
     * @param like on whose device
     * @param length the message's bits
     */
    DeviceWriter(NDArray like, long length) {
        Shape whole = new Shape((length + Byte.SIZE - 1) / Byte.SIZE * Byte.SIZE);
        bits = keep(DeviceDoor.beside(like, m -> m.zeros(whole, DataType.UINT8)));
    }

    private NDArray rows(long count, int width) {
        NDIndex range = new NDIndex().addSliceDim(position, position + count * width);
        position += count * width;
        return bits.get(range).reshape(count, width);
    }

    /** Writes whole numbers, in any type that holds them. */
    void numbers(NDArray values, int width) {
        write(values, width, rows(values.size(), width));
    }

    private static void write(NDArray values, int width, NDArray rows) {
        if (width > 0) {
            NDArray numbers = values.reshape(values.size(), 1);
            DeviceDoor.copy(width == 1 ? numbers : Bits.of(values, width), rows);
        }
    }

    /** Writes float32. */
    void floats(NDArray values) {
        NDArray rows = rows(values.size(), Float.SIZE);
        floats.add(new Floats(keep(values.duplicate()), keep(rows)));
    }

    /** Writes a number and a float in turn. */
    void pairs(NDArray values, int width, NDArray second) {
        NDArray rows = rows(values.size(), width + Float.SIZE);
        write(values, width, rows.get(new NDIndex(":, :{}", width)));
        NDArray last = rows.get(new NDIndex(":, {}:", width));
        floats.add(new Floats(keep(second.duplicate()), keep(last)));
    }

    /** Notes whether input and output are finite, which is looked at when the message is there. */
    void check(NDArray input, NDArray output) {
        NDArray in = input.all().toType(DataType.UINT8, true);
        NDArray out = output.all().toType(DataType.UINT8, true);
        checks.add(keep(NDArrays.concat(new NDList(in.reshape(1), out.reshape(1)))));
    }

    private static NDArray keep(NDArray array) {
        NDScope.unregister(array);
        return array;
    }

    /**
     * Packs the message and fetches it.
     *
     * @throws Refusal if a tensor was not finite
     */
    void finish(ByteBuffer message) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList fetched = new NDList(Bits.pack(writtenBits()));
            fetched.addAll(checks);
            NDArray packed = NDArrays.concat(fetched);
            int all = Math.toIntExact(packed.size());
            int length = all - 2 * checks.size();
            ByteBuffer found = ByteBuffer.allocate(all - length);
            DeviceDoor.read(packed, length, found);
            for (int i = 0; i < checks.size(); i++) {
                if (found.get(2 * i) == 0) {
                    throw new Refusal(i, Refusal.INPUT);
                }
                if (found.get(2 * i + 1) == 0) {
                    throw new Refusal(i, Refusal.OUTPUT);
                }
            }
            DeviceDoor.read(packed, 0, message.slice(0, length));
        }
    }

    /** The floats' are written all at once: their conversion is many small operations. */
    private NDArray writtenBits() {
        if (!floats.isEmpty()) {
            NDList values = new NDList();
            floats.forEach(one -> values.add(one.values));
            NDArray all = FloatBits.of(NDArrays.concat(values));
            long from = 0;
            for (Floats one : floats) {
                long to = from + one.values.size();
                DeviceDoor.copy(all.get(new NDIndex("{}:{}", from, to)), one.rows);
                from = to;
            }
        }
        return bits;
    }

    @Override
    public void close() {
        bits.close();
        for (Floats one : floats) {
            one.values.close();
            one.rows.close();
        }
        checks.forEach(NDArray::close);
    }
}
