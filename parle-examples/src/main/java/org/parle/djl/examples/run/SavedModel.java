package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.util.Utils;

import org.parle.djl.checkpoint.FreeSpace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Saves models so that a file with its final name is whole, be the disk full or the run killed. */
final class SavedModel {

    private SavedModel() {}

    /**
     * Saves a model as {@link Model#save} does, beside, and renames what is whole.
     *
     * @param model to save
     * @param folder where to, made if it is not there
     * @param name of the files
     * @throws IOException if it cannot be written; it names the folder, and how much is free there
     */
    static void save(Model model, Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        // DJL numbers the files by what it finds in the folder
        String number = String.format(Locale.ROOT, "%04d", Utils.getCurrentEpoch(folder, name) + 1);
        Path beside = Files.createTempDirectory(folder, ".saving");
        try {
            model.save(beside, name);
            for (Path file : files(beside)) {
                Files.move(
                        file,
                        folder.resolve(numbered(file, name, number)),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new IOException(
                    folder
                            + ": the model cannot be saved there: "
                            + e
                            + "; "
                            + FreeSpace.of(folder),
                    e);
        } finally {
            for (Path left : files(beside)) {
                Files.deleteIfExists(left);
            }
            Files.deleteIfExists(beside);
        }
    }

    private static String numbered(Path file, String name, String number) {
        String own = file.getFileName().toString();
        return own.equals(name + "-0000.params") ? name + "-" + number + ".params" : own;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
