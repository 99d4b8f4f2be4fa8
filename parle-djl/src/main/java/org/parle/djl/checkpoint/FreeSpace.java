package org.parle.djl.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much may still be written to a disk. */
public final class FreeSpace {

    private static final long MEBI = 1 << 20;

    private FreeSpace() {}

    /**
     * Says it, for the end of a message that names the folder.
     *
     * @param folder any
     * @return for example {@code 5 MiB are free there}, also where it is not known
     */
    public static String of(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() / MEBI + " MiB are free there";
        } catch (IOException e) {
            return "it is not known how much is free there";
        }
    }
}
