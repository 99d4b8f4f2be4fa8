package org.parle.djl.examples.command;

import org.parle.djl.Replicas;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/** A folder that a command writes to. */
final class OutputFolder {

    /** Stays in the folder, locked or not: a file that goes could be locked twice. */
    private static final String LOCK = "lock";

    private OutputFolder() {}

    /** Makes it where it is missing. */
    static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot make the folder " + folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("cannot write to the folder " + folder);
        }
    }

    /**
     * Works while no other command that calls this works in the folder. When a process dies, the
     * system takes its lock away.
     */
    static int alone(Path folder, Callable<Integer> work) throws Exception {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--output must be a folder: " + folder);
        }
        if (Replicas.processes() > 1) {
            // those of an MPI job are there together
            return work.call();
        }
        make(folder);
        Path file = folder.resolve(LOCK);
        try (FileChannel channel =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (lock == null) {
                throw new IllegalStateException(
                        folder
                                + " is in use by another parle compare or parle sweep: wait for its"
                                + " end, or take another --output");
            }
            return work.call();
        }
    }

    /** Returns null where somebody has it. */
    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // in this process
            return null;
        }
    }
}
