package org.parle.djl.examples.option;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import org.parle.djl.checkpoint.CheckpointFolder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Over how many epochs a learning rate's schedule is laid out. A run that is resumed keeps that of
 * the run that began it, however long it is to be.
 */
final class Horizon {

    static final String SETTING = "--horizon";

    private Horizon() {}

    /**
     * Reads it from the checkpoint that a run will go on from.
     *
     * @param from a checkpoint's own folder, or the folder of several; null for none
     * @return the epochs; empty if there is no checkpoint, or it does not say
     */
    static OptionalInt of(Path from) {
        if (from == null) {
            return OptionalInt.empty();
        }
        Path checkpoint = CheckpointFolder.find(from).orElse(from);
        try {
            String text = Files.readString(checkpoint.resolve("manifest.json"));
            JsonElement run = JsonParser.parseString(text).getAsJsonObject().get("run");
            JsonElement epochs = run == null ? null : run.getAsJsonObject().get(SETTING);
            return epochs == null ? OptionalInt.empty() : OptionalInt.of(epochs.getAsInt());
        } catch (IOException | RuntimeException e) {
            // whoever reads the checkpoint will say what is wrong with it
            return OptionalInt.empty();
        }
    }
}
