package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays as a NumPy archive (numpy.org: {@code numpy.lib.format} version 1.0 in a zip), which
 * {@code numpy.load} and DJL read.
 */
final class Npz {

    private static final int ALIGNMENT = 64;
    private static final int PREFIX = 10;

    private Npz() {}

    /** Writes the arrays, brings them to the disk, and returns the file's SHA-256. */
    static String write(Path file, Map<String, NDArray> arrays) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            DigestOutputStream out =
                    new DigestOutputStream(
                            new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16),
                            Sha256.digest());
            // not DJL's encoder: that deflates, at a few ten MB a second, what does not get smaller
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
                write(zip, entry.getValue());
                zip.closeEntry();
            }
            zip.finish();
            out.flush();
            channel.force(true);
            return Sha256.text(out.getMessageDigest());
        }
    }

    private static void write(OutputStream out, NDArray array) throws IOException {
        String header =
                "{'descr': '"
                        + array.getDataType().asNumpy()
                        + "', 'fortran_order': False, 'shape': "
                        + shape(array.getShape())
                        + ", }";
        int padding = ALIGNMENT - (PREFIX + header.length() + 1) % ALIGNMENT;
        String text = header + " ".repeat(padding) + "\n";
        ByteArrayOutputStream prefix = new ByteArrayOutputStream(PREFIX);
        prefix.write(0x93);
        prefix.writeBytes("NUMPY".getBytes(StandardCharsets.US_ASCII));
        prefix.writeBytes(new byte[] {1, 0, (byte) text.length(), (byte) (text.length() >> 8)});
        out.write(prefix.toByteArray());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(array.toByteArray());
    }

    private static String shape(Shape shape) {
        String all =
                Arrays.stream(shape.getShape())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(", "));
        return '(' + all + (shape.dimension() == 1 ? ",)" : ")");
    }

    /** Reads arrays; their bytes were checked before. */
    static Map<String, NDArray> read(NDManager manager, byte[] bytes) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (NDArray array : NDList.decode(manager, bytes)) {
            arrays.put(array.getName(), array);
        }
        return arrays;
    }
}
