package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.DeviceDoor;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes named arrays as a NumPy archive, a zip of arrays that are not compressed, which {@code
 * numpy.load} reads. Of a large array, and of many, it is ZIP64. Values go from the arrays' memory
 * to the file in pieces.
 */
final class NpzWriter {

    static final int PIECE = 1 << 20;

    private final byte[] piece = new byte[PIECE];

    private NpzWriter() {}

    /** Writes the arrays, brings them to the disk, and returns the file's SHA-256. */
    static String write(Path file, Map<String, NDArray> arrays) throws IOException {
        return new NpzWriter().writeAll(file, arrays);
    }

    private String writeAll(Path file, Map<String, NDArray> arrays) throws IOException {
        long total =
                arrays.values().stream().mapToLong(array -> NpyHeader.of(array).length()).sum();
        Passage passage = new Passage("writing", file, total);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            DigestOutputStream out =
                    new DigestOutputStream(Channels.newOutputStream(channel), Sha256.digest());
            // the zip's own small fields one by one would be a call of the system each
            ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16));
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                write(zip, entry.getKey(), entry.getValue(), passage);
            }
            zip.finish();
            zip.flush();
            channel.force(true);
            return Sha256.text(out.getMessageDigest());
        }
    }

    /** What is not compressed has its checksum before it, so the values are gone through twice. */
    private void write(ZipOutputStream zip, String name, NDArray array, Passage passage)
            throws IOException {
        NpyHeader header = NpyHeader.of(array);
        byte[] head = header.bytes();
        CRC32 sum = new CRC32();
        sum.update(head);
        each(array, header, length -> sum.update(piece, 0, length));
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setSize(head.length + header.length());
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(head);
        each(
                array,
                header,
                length -> {
                    zip.write(piece, 0, length);
                    passage.add(length);
                });
        zip.closeEntry();
    }

    private void each(NDArray array, NpyHeader header, Taker taker) throws IOException {
        for (long from = 0; from < header.length(); from += PIECE) {
            int length = (int) Math.min(PIECE, header.length() - from);
            DeviceDoor.read(
                    array, from / header.type().getNumOfBytes(), ByteBuffer.wrap(piece, 0, length));
            taker.take(length);
        }
    }

    @FunctionalInterface
    private interface Taker {
        void take(int length) throws IOException;
    }
}
