package org.parle.djl.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A zoo on disk, laid out as DJL's own, with one TorchScript model of 12,730 weights. */
final class TinyZoo {

    private static final Path MODEL =
            Path.of("../parle-djl/src/test/resources/torchscript/tiny.pt");

    private static final String METADATA =
            """
            {
              "metadataVersion": "0.2",
              "resourceType": "model",
              "application": "cv/image_classification",
              "groupId": "org.parle.zoo",
              "artifactId": "tiny",
              "name": "tiny",
              "artifacts": [
                {
                  "version": "0.0.1",
                  "snapshot": false,
                  "name": "traced_tiny",
                  "files": {
                    "model": {
                      "uri": "0.0.1/traced_tiny.pt",
                      "name": "traced_tiny.pt",
                      "sha1Hash": "%s",
                      "size": %d
                    }
                  }
                }
              ]
            }
            """;

    private TinyZoo() {}

    /** Makes the zoo; returns its address. */
    static String make() throws IOException {
        Path zoo = Files.createTempDirectory("zoo");
        Path artifact = zoo.resolve("model/cv/image_classification/org/parle/zoo/tiny");
        Files.createDirectories(artifact.resolve("0.0.1"));
        byte[] model = Files.readAllBytes(MODEL);
        Files.write(artifact.resolve("0.0.1/traced_tiny.pt"), model);
        Files.writeString(
                artifact.resolve("metadata.json"), METADATA.formatted(sha1(model), model.length));
        return zoo.toUri().toString();
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
