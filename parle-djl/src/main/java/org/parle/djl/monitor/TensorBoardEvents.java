package org.parle.djl.monitor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Scalars for TensorBoard: a TFRecord file of {@code tensorflow.Event} messages, as TensorFlow's
 * event.proto and summary.proto number their fields.
 *
 * <p>A record is its length n as a 64-bit number, the masked CRC-32C of those 8 bytes, n bytes, and
 * their masked CRC-32C; all little-endian. Masked is ((c &gt;&gt;&gt; 15) | (c &lt;&lt; 17)) +
 * 0xa282ead8.
 */
final class TensorBoardEvents implements RowWriter {

    /** What TensorBoard looks for in a file's name. */
    static final String PREFIX = "events.out.tfevents.";

    private static final int MASK = 0xa282ead8;
    private static final String VERSION = "brain.Event:2";

    // field number << 3 | wire type: 0 varint, 1 64 bits, 2 bytes, 5 32 bits
    private static final int EVENT_WALL_TIME = (1 << 3) | 1;
    private static final int EVENT_STEP = 2 << 3;
    private static final int EVENT_FILE_VERSION = (3 << 3) | 2;
    private static final int EVENT_SUMMARY = (5 << 3) | 2;
    private static final int EVENT_SESSION_LOG = (7 << 3) | 2;
    private static final int LOG_STATUS = 1 << 3;
    private static final int LOG_START = 1;
    private static final int SUMMARY_VALUE = (1 << 3) | 2;
    private static final int VALUE_TAG = (1 << 3) | 2;
    private static final int VALUE_SIMPLE = (2 << 3) | 5;

    private final OutputStream out;
    private final double begin;
    private final double before;

    /**
     * Creates the file.
     *
     * @param folder where
     * @param begin when the run began, in seconds since 1970
     * @param resumedAt the step after which older files of the folder hold no more; 0 for none
     * @param before seconds of the run that are in older files
     */
    TensorBoardEvents(Path folder, double begin, long resumedAt, double before) throws IOException {
        this.begin = begin;
        this.before = before;
        out = Files.newOutputStream(folder.resolve(PREFIX + (long) begin + ".parle"));
        Message event = new Message();
        event.fixed64(EVENT_WALL_TIME, Double.doubleToLongBits(begin));
        event.bytes(EVENT_FILE_VERSION, VERSION.getBytes(StandardCharsets.UTF_8));
        record(event.toByteArray());
        if (resumedAt > 0) {
            restart(resumedAt + 1);
        }
    }

    /** TensorBoard drops what other files have from this step on. */
    private void restart(long step) throws IOException {
        Message start = new Message();
        start.write(LOG_STATUS);
        start.varint(LOG_START);
        Message event = new Message();
        event.fixed64(EVENT_WALL_TIME, Double.doubleToLongBits(begin));
        event.write(EVENT_STEP);
        event.varint(step);
        event.bytes(EVENT_SESSION_LOG, start.toByteArray());
        record(event.toByteArray());
    }

    @Override
    public void write(Row row) throws IOException {
        Message summary = new Message();
        for (Map.Entry<String, Double> entry : row.values().entrySet()) {
            Message value = new Message();
            String tag = row.event() + '/' + entry.getKey();
            value.bytes(VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8));
            value.fixed32(VALUE_SIMPLE, Float.floatToIntBits(entry.getValue().floatValue()));
            summary.bytes(SUMMARY_VALUE, value.toByteArray());
        }
        Message event = new Message();
        event.fixed64(EVENT_WALL_TIME, Double.doubleToLongBits(begin - before + row.seconds()));
        event.write(EVENT_STEP);
        event.varint(row.step());
        event.bytes(EVENT_SUMMARY, summary.toByteArray());
        record(event.toByteArray());
    }

    private void record(byte[] data) throws IOException {
        ByteBuffer record =
                ByteBuffer.allocate(data.length + Long.BYTES + 2 * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(data.length);
        record.putInt(masked(record.array(), Long.BYTES));
        record.put(data).putInt(masked(data, data.length));
        out.write(record.array());
        out.flush();
    }

    static int masked(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** A protobuf message on its way to bytes. */
    private static final class Message extends ByteArrayOutputStream {

        void varint(long value) {
            long left = value;
            while ((left & ~0x7fL) != 0) {
                write((int) ((left & 0x7f) | 0x80));
                left >>>= 7;
            }
            write((int) left);
        }

        void fixed64(int key, long bits) {
            write(key);
            writeBytes(
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(bits)
                            .array());
        }

        void fixed32(int key, int bits) {
            write(key);
            writeBytes(
                    ByteBuffer.allocate(Integer.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(bits)
                            .array());
        }

        void bytes(int key, byte[] content) {
            write(key);
            varint(content.length);
            writeBytes(content);
        }
    }
}
