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

    /** Numbers, floats, or pairs of both; bits have one row for a number. */
    private record Part(NDArray bits, NDArray floats) {}

    private final NDArray like;
    private final List<Part> parts = new ArrayList<>();
    private final List<NDArray> checks = new ArrayList<>();

    DeviceWriter(NDArray like) {
        this.like = like;
    }

    /** Writes whole numbers, in any float type that holds them. */
    void numbers(NDArray values, int width) {
        parts.add(new Part(keep(Bits.of(values, width)), null));
    }

    /** Writes float32. */
    void floats(NDArray values) {
        parts.add(new Part(null, keep(values.duplicate())));
    }

    /** Writes a number and a float in turn. */
    void pairs(NDArray values, int width, NDArray floats) {
        parts.add(new Part(keep(Bits.of(values, width)), keep(floats.duplicate())));
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
            NDList fetched = new NDList(Bits.pack(bits()));
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

    private NDArray bits() {
        NDArray floats = floatBits();
        NDList all = new NDList();
        long from = 0;
        for (Part part : parts) {
            NDList columns = new NDList();
            if (part.bits != null) {
                columns.add(part.bits);
            }
            if (part.floats != null) {
                long to = from + part.floats.size();
                columns.add(floats.get(new NDIndex("{}:{}", from, to)));
                from = to;
            }
            all.add(NDArrays.concat(columns, 1).flatten());
        }
        return NDArrays.concat(all);
    }

    /** All floats at once: their conversion is many small operations. */
    private NDArray floatBits() {
        NDList floats = new NDList();
        parts.stream().filter(p -> p.floats != null).forEach(p -> floats.add(p.floats));
        return floats.isEmpty()
                ? DeviceDoor.beside(like, m -> m.zeros(new Shape(0, Float.SIZE), DataType.UINT8))
                : FloatBits.of(NDArrays.concat(floats));
    }

    @Override
    public void close() {
        for (Part part : parts) {
            if (part.bits != null) {
                part.bits.close();
            }
            if (part.floats != null) {
                part.floats.close();
            }
        }
        checks.forEach(NDArray::close);
    }
}
