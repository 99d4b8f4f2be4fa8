package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;

import org.parle.djl.vector.DeviceDoor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads what {@link NpzWriter} wrote, now or in an older version, in pieces. */
final class NpzReader {

    private static final String SUFFIX = ".npy";

    private NpzReader() {}

    /** Returns the file's SHA-256. */
    static String sha256(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        Passage passage = new Passage("checking", file, Files.size(file));
        byte[] piece = new byte[NpzWriter.PIECE];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                digest.update(piece, 0, length);
                passage.add(length);
            }
        }
        return Sha256.text(digest);
    }

    /**
     * Reads the arrays, in the order in which they were written, into what is given for them.
     *
     * @param targets asked for all before the first is read, so that a refusal changes nothing
     * @return those that were given, by name
     * @throws IllegalArgumentException if the file holds something else
     */
    static Map<String, NDArray> read(Path file, Targets targets) throws IOException {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    NpyHeader header = NpyHeader.read(in);
                    String name = name(entry);
                    NDArray target = targets.of(name, header.shape(), header.type());
                    if (target != null) {
                        arrays.put(name, target);
                    }
                }
            }
            Passage passage = new Passage("reading", file, Files.size(file));
            byte[] piece = new byte[NpzWriter.PIECE];
            for (ZipEntry entry : Collections.list(zip.entries())) {
                NDArray target = arrays.get(name(entry));
                if (target != null) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        read(in, target, NpyHeader.read(in), piece, passage);
                    }
                }
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return arrays;
    }

    private static String name(ZipEntry entry) {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX)) {
            throw new IllegalArgumentException("\"" + name + "\" is no array");
        }
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static void read(
            InputStream in, NDArray target, NpyHeader header, byte[] piece, Passage passage)
            throws IOException {
        for (long from = 0; from < header.length(); from += piece.length) {
            int length = (int) Math.min(piece.length, header.length() - from);
            if (in.readNBytes(piece, 0, length) < length) {
                throw new EOFException("it ends within an array");
            }
            DeviceDoor.write(
                    ByteBuffer.wrap(piece, 0, length),
                    target,
                    from / header.type().getNumOfBytes());
            passage.add(length);
        }
    }
}
