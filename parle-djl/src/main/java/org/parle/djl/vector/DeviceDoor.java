package org.parle.djl.vector;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The one door between devices, and between a device and main memory: what crosses is copied in
 * place, into memory that is there.
 *
 * <p>DJL's own calls, such as {@code toDevice} and {@code getFloat}, make a manager for each array
 * that crosses, and keep it with what is in it until the manager above is closed.
 *
 * <p>Stateless but for a small buffer for each thread.
 */
public final class DeviceDoor {

    private static final int STAGE = 1 << 16;

    private static final ThreadLocal<ByteBuffer> STAGES =
            ThreadLocal.withInitial(
                    () -> ByteBuffer.allocateDirect(STAGE).order(ByteOrder.nativeOrder()));

    private DeviceDoor() {}

    /**
     * Reads entries of an array, as many as fill the rest of a buffer.
     *
     * @param array of any shape and type, on any device
     * @param from the first entry to read, in row-major order
     * @param to where to, from its position to its limit, which becomes its position; direct
     *     buffers are written to at once
     */
    public static void read(NDArray array, long from, ByteBuffer to) {
        GradientMode.off(() -> pass(array, from, to, false));
    }

    /**
     * Writes the rest of a buffer into an array, in place, so that its views see it.
     *
     * @param from the values, from its position to its limit, which becomes its position; direct
     *     buffers are read from at once
     * @param array of any shape and type, on any device
     * @param at the first entry to write, in row-major order
     */
    public static void write(ByteBuffer from, NDArray array, long at) {
        GradientMode.off(() -> pass(array, at, from, true));
    }

    /**
     * y &larr; x, in place, so that views of y see it.
     *
     * @param x what to copy, on any device
     * @param y where to, of the same shape, on any device
     */
    public static void copy(NDArray x, NDArray y) {
        GradientMode.off(() -> put(x, y));
    }

    /**
     * Returns a copy that belongs to a manager, and is where that is.
     *
     * @param x what to copy, on any device
     * @param manager of the device where the copy is to be
     * @return a new array, the caller's to close
     */
    public static NDArray near(NDArray x, NDManager manager) {
        NDArray near = manager.create(x.getShape(), x.getDataType());
        copy(x, near);
        return near;
    }

    /**
     * Makes an array on another one's device, whatever the device of that one's manager is.
     *
     * @param like whose device and manager it gets
     * @param make makes it with a manager on that device
     * @return what was made, the caller's to close
     */
    public static NDArray beside(NDArray like, Function<NDManager, NDArray> make) {
        NDManager manager = like.getManager();
        if (manager.getDevice().equals(like.getDevice())) {
            return make.apply(manager);
        }
        try (NDManager there = manager.newSubManager(like.getDevice())) {
            NDArray made = make.apply(there);
            made.attach(manager);
            return made;
        }
    }

    /**
     * Returns the one value of an array. Waits for its device.
     *
     * @param scalar one float32, on any device
     * @return its value
     */
    public static float value(NDArray scalar) {
        if (scalar.size() != 1 || scalar.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "one value of float32 is wanted, and this has the shape "
                            + scalar.getShape()
                            + " and the type "
                            + scalar.getDataType());
        }
        ByteBuffer value = STAGES.get().clear().limit(Float.BYTES);
        read(scalar, 0, value);
        return value.getFloat(0);
    }

    private static void pass(NDArray array, long from, ByteBuffer buffer, boolean in) {
        int width = array.getDataType().getNumOfBytes();
        long count = buffer.remaining() / width;
        if (buffer.remaining() % width != 0 || from < 0 || from > array.size() - count) {
            throw new IllegalArgumentException(
                    buffer.remaining()
                            + " bytes from entry "
                            + from
                            + " on are not in an array "
                            + array.getShape()
                            + " of "
                            + array.getDataType());
        }
        if (buffer.isDirect()) {
            passDirect(array, from, buffer, in);
            buffer.position(buffer.limit());
            return;
        }
        long at = from;
        while (buffer.hasRemaining()) {
            ByteBuffer stage = STAGES.get().clear();
            stage.limit(Math.min(STAGE, buffer.remaining()));
            if (in) {
                stage.put(0, buffer, buffer.position(), stage.limit());
            }
            passDirect(array, at, stage, in);
            if (in) {
                buffer.position(buffer.position() + stage.limit());
            } else {
                buffer.put(stage);
            }
            at += stage.limit() / width;
        }
    }

    /** A tensor over the buffer's own memory is what PyTorch copies from or to. */
    private static void passDirect(NDArray array, long from, ByteBuffer buffer, boolean in) {
        DataType type = array.getDataType();
        Shape shape = new Shape(buffer.remaining() / type.getNumOfBytes());
        try (NDManager host = array.getManager().getEngine().newBaseManager(Device.cpu())) {
            NDArray memory =
                    JniUtils.createNdFromByteBuffer(
                            (PtNDManager) host,
                            buffer.slice(),
                            shape,
                            type,
                            SparseFormat.DENSE,
                            Device.cpu());
            pass(array, from, memory, in);
        }
    }

    /** Whole rows at once, and parts of rows by themselves: an array need not be contiguous. */
    private static void pass(NDArray array, long from, NDArray entries, boolean in) {
        long count = entries.size();
        if (count == 0) {
            return;
        }
        if (array.getShape().isScalar()) {
            try (NDArray one = array.reshape(1)) {
                pass(one, from, entries, in);
            }
            return;
        }
        long width = array.size() / array.getShape().get(0);
        long at = 0;
        while (at < count) {
            long row = (from + at) / width;
            long within = (from + at) % width;
            boolean whole = within == 0 && count - at >= width;
            long rows = whole ? (count - at) / width : 1;
            long length = whole ? rows * width : Math.min(count - at, width - within);
            try (NDArray piece = array.get(range(row, row + rows));
                    NDArray part = entries.get(range(at, at + length))) {
                if (whole) {
                    try (NDArray shaped = part.reshape(piece.getShape())) {
                        put(in ? shaped : piece, in ? piece : shaped);
                    }
                } else {
                    try (NDArray one = piece.squeeze(0)) {
                        pass(one, within, part, in);
                    }
                }
            }
            at += length;
        }
    }

    private static NDIndex range(long from, long to) {
        return new NDIndex().addSliceDim(from, to);
    }

    /** PyTorch's own copy between tensors, which may be on any two devices. */
    private static void put(NDArray x, NDArray y) {
        Shape shape = y.getShape();
        if (!shape.equals(x.getShape())) {
            throw new IllegalArgumentException(x.getShape() + " is not " + shape);
        }
        if (shape.isScalar()) {
            try (NDArray from = x.reshape(1);
                    NDArray to = y.reshape(1)) {
                put(from, to);
            }
        } else if (shape.size() > 0) {
            long[] zeros = new long[shape.dimension()];
            long[] steps = new long[shape.dimension()];
            Arrays.fill(steps, 1);
            JniUtils.indexSet((PtNDArray) y, (PtNDArray) x, zeros, shape.getShape(), steps);
        }
    }
}
