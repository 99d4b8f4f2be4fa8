package org.parle.djl.examples.dataset;

import ai.djl.repository.Artifact;
import ai.djl.repository.Metadata;
import ai.djl.util.JsonUtils;

import com.google.gson.JsonParseException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Finds a data set's files in DJL's layout, and checks that they are whole. */
final class DataFolder {

    /** The way down to a set from where a repository lies, without the set and its version. */
    private static final Path WAY = Path.of("data/mlrepo/dataset/cv/ai/djl/basicdataset");

    /** The files of a set, and their sizes in bytes; MNIST's and Fashion-MNIST's are alike. */
    private static final Map<String, Long> MNIST =
            Map.of(
                    "train_data",
                    47_040_016L,
                    "train_labels",
                    60_008L,
                    "test_data",
                    7_840_016L,
                    "test_labels",
                    10_008L);

    private static final Map<String, Long> CIFAR10 =
            Map.of("data_batch.bin", 153_650_000L, "test_batch.bin", 30_730_000L);

    private DataFolder() {}

    /**
     * Finds a set from any folder on the way to it.
     *
     * @param folder what the user gave
     * @param set its name in DJL's layout
     * @return the folder that holds the files themselves
     * @throws IllegalArgumentException if they are not there, or not whole
     */
    static Path find(Path folder, String set) throws IOException {
        boolean colours = set.equals("cifar10");
        Map<String, Long> sizes = colours ? CIFAR10 : MNIST;
        String first = colours ? "data_batch.bin" : "train_data";
        Path way = WAY.resolve(set).resolve("1.0");
        for (int skip = 0; skip <= way.getNameCount(); skip++) {
            Path rest =
                    skip == way.getNameCount()
                            ? Path.of("")
                            : way.subpath(skip, way.getNameCount());
            Path place = folder.resolve(rest);
            if (Files.exists(place.resolve(first))) {
                check(place, set, sizes);
                return place;
            }
        }
        throw new IllegalArgumentException(
                "no "
                        + set
                        + " in "
                        + folder
                        + ": --data-dir needs a folder with "
                        + WAY.subpath(1, WAY.getNameCount()).resolve(set).resolve("1.0")
                        + "/"
                        + first
                        + ", or one on the way to it");
    }

    /**
     * Finds CIFAR-100 as it is unpacked, there or in the archive's own folder.
     *
     * @param folder what the user gave, null if nothing
     * @throws IllegalArgumentException if it is not there
     */
    static Path findCifar100(Path folder) {
        if (folder != null) {
            for (String below : new String[] {"", "cifar-100-binary"}) {
                Path place = folder.resolve(below);
                if (Files.exists(place.resolve("train.bin"))
                        && Files.exists(place.resolve("test.bin"))) {
                    return place;
                }
            }
        }
        throw new IllegalArgumentException(
                (folder == null ? "cifar100 is not fetched" : "no cifar100 in " + folder)
                        + ": --data-dir needs a folder with train.bin and test.bin of"
                        + " cifar-100-binary.tar.gz");
    }

    private static void check(Path place, String set, Map<String, Long> sizes) throws IOException {
        for (Map.Entry<String, Long> file : sizes.entrySet()) {
            Path path = place.resolve(file.getKey());
            if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
                throw new IllegalArgumentException(path + " is missing, or cannot be read");
            }
            long size = Files.size(path);
            if (size != file.getValue()) {
                throw new IllegalArgumentException(
                        path + " is damaged: " + size + " bytes instead of " + file.getValue());
            }
        }
        Path metadata = place.toAbsolutePath().normalize().resolveSibling("metadata.json");
        if (Files.isRegularFile(metadata)) {
            compare(place, set, metadata);
        }
    }

    /** Compares with what the set's own description says. */
    private static void compare(Path place, String set, Path file) throws IOException {
        Metadata metadata;
        try (Reader reader = Files.newBufferedReader(file)) {
            metadata = JsonUtils.GSON.fromJson(reader, Metadata.class);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(file + " is damaged: it is not JSON", e);
        }
        String described = metadata == null ? "nothing" : metadata.getArtifactId();
        if (!set.equals(described)) {
            throw new IllegalArgumentException(file + " describes " + described + ", not " + set);
        }
        List<Artifact> artifacts = metadata.getArtifacts();
        if (artifacts == null || artifacts.size() != 1) {
            return;
        }
        artifacts.get(0).getFiles().forEach((name, item) -> compare(place.resolve(name), item));
    }

    private static void compare(Path path, Artifact.Item item) {
        String uri = item.getUri();
        // of what is packed there, the description has the packed file's sum
        boolean asItIs = uri != null && uri.endsWith("/" + path.getFileName());
        if (asItIs
                && item.getSha1Hash() != null
                && !item.getSha1Hash().equalsIgnoreCase(sha1(path))) {
            throw new IllegalArgumentException(
                    path + " is damaged: its SHA-1 is not the one in metadata.json");
        }
    }

    private static String sha1(Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            try (DigestInputStream in = new DigestInputStream(file, digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new IllegalArgumentException(path + " cannot be read: " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-1", e);
        }
    }
}
