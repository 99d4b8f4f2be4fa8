package org.parle.djl.checkpoint;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint says of itself, {@code manifest.json}; the last property is a checksum of all
 * others.
 *
 * @param format always {@link #FORMAT}
 * @param version of the format
 * @param step k
 * @param replicas how many there were
 * @param run what a resumed run must have in common
 * @param files one for each rank
 */
record Manifest(
        String format,
        int version,
        long step,
        int replicas,
        Map<String, String> run,
        List<RankFile> files) {

    static final String NAME = "manifest.json";
    static final String FORMAT = "parle-checkpoint";
    static final int VERSION = 1;

    private static final String CHECKSUM = "checksum";

    /**
     * One rank's file.
     *
     * @param name of the file
     * @param bytes its length
     * @param sha256 its checksum
     * @param counters the rank's counters
     */
    record RankFile(String name, long bytes, String sha256, Map<String, Long> counters) {}

    /** Writes it and brings it to the disk. */
    void write(Path folder) throws IOException {
        JsonObject json = JsonUtils.GSON.toJsonTree(this).getAsJsonObject();
        json.addProperty(CHECKSUM, checksum(json));
        byte[] text = (JsonUtils.GSON_PRETTY.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve(NAME),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Reads a checkpoint's manifest, and refuses what is damaged, foreign or newer. */
    static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        JsonObject json;
        try {
            json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (NoSuchFileException e) {
            throw new CheckpointException(folder + ": is no checkpoint: it has no " + NAME, e);
        } catch (JsonParseException | IllegalStateException | CharacterCodingException e) {
            throw new CheckpointException(file + ": is damaged: it is no JSON object", e);
        }
        JsonElement format = json.get("format");
        if (format == null || !format.isJsonPrimitive() || !format.getAsString().equals(FORMAT)) {
            throw new CheckpointException(file + ": is not a checkpoint of this library");
        }
        JsonElement version = json.get("version");
        if (version == null || !version.isJsonPrimitive() || !isVersion(version.getAsString())) {
            throw new CheckpointException(
                    file + ": is damaged: its version is no whole number above 0");
        }
        if (isNewer(version.getAsString())) {
            throw new CheckpointException(
                    file
                            + ": was written by a newer version of this library (format "
                            + version.getAsString()
                            + ", this one reads "
                            + VERSION
                            + ")");
        }
        JsonElement checksum = json.remove(CHECKSUM);
        if (checksum == null
                || !checksum.isJsonPrimitive()
                || !checksum.getAsString().equals(checksum(json))) {
            throw new CheckpointException(file + ": is damaged: its checksum differs");
        }
        Manifest manifest = JsonUtils.GSON.fromJson(json, Manifest.class);
        for (RankFile one : manifest.files()) {
            if (!one.name().matches("rank-\\d{4,9}\\.npz")) {
                throw new CheckpointException(
                        file + ": is damaged: \"" + one.name() + "\" is no rank's file");
            }
        }
        return manifest;
    }

    private static boolean isVersion(String version) {
        return version.matches("[1-9]\\d{0,8}");
    }

    private static boolean isNewer(String version) {
        return Integer.parseInt(version) > VERSION;
    }

    private static String checksum(JsonObject json) {
        return Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
