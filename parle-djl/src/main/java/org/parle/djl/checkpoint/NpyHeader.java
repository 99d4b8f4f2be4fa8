package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands before an array's values in a NumPy file (numpy.org: {@code numpy.lib.format} version
 * 1.0).
 *
 * @param type of the values, in this machine's byte order
 * @param shape of the array, values in C order
 */
record NpyHeader(DataType type, Shape shape) {

    private static final int ALIGNMENT = 64;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int PREFIX = MAGIC.length + 2;
    private static final Pattern TEXT =
            Pattern.compile(
                    "\\{'descr': '(\\S+)', 'fortran_order': False, 'shape': \\((.*)\\), \\}\\s*");

    static NpyHeader of(NDArray array) {
        return new NpyHeader(array.getDataType(), array.getShape());
    }

    /** Returns how many bytes the values take. */
    long length() {
        return shape.size() * type.getNumOfBytes();
    }

    byte[] bytes() {
        String header =
                "{'descr': '"
                        + type.asNumpy()
                        + "', 'fortran_order': False, 'shape': "
                        + dimensions()
                        + ", }";
        int padding = ALIGNMENT - (PREFIX + header.length() + 1) % ALIGNMENT;
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(MAGIC, PREFIX + text.length);
        all[MAGIC.length] = (byte) text.length;
        all[MAGIC.length + 1] = (byte) (text.length >> Byte.SIZE);
        System.arraycopy(text, 0, all, PREFIX, text.length);
        return all;
    }

    private String dimensions() {
        String all =
                Arrays.stream(shape.getShape())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(", "));
        return '(' + all + (shape.dimension() == 1 ? ",)" : ")");
    }

    /**
     * Reads one, up to where the values begin.
     *
     * @throws IllegalArgumentException if there is none that this library wrote
     */
    static NpyHeader read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IllegalArgumentException("no NumPy array, version 1.0");
        }
        byte[] text = new byte[in.readUnsignedByte() | in.readUnsignedByte() << Byte.SIZE];
        in.readFully(text);
        String header = new String(text, StandardCharsets.US_ASCII);
        Matcher matcher = TEXT.matcher(header);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("NumPy header " + header.strip());
        }
        DataType type = DataType.fromNumpy(matcher.group(1));
        if (!type.asNumpy().equals(matcher.group(1))) {
            throw new IllegalArgumentException("values of another byte order");
        }
        long[] dimensions =
                Arrays.stream(matcher.group(2).split(","))
                        .map(String::strip)
                        .filter(dimension -> !dimension.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new NpyHeader(type, new Shape(dimensions));
    }
}
