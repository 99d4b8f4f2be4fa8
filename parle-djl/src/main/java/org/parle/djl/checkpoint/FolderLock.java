package org.parle.djl.checkpoint;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The right of one process to write to a folder. The system takes it back when the process ends,
 * however it ends. Runs of one process share it. Used by one thread.
 */
final class FolderLock implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(FolderLock.class);

    private static final String NAME = ".lock";
    private static final Map<Path, Held> ALL = new HashMap<>();

    private final Path folder;
    private Path taken;

    private record Held(FileChannel channel, AtomicInteger users) {}

    FolderLock(Path folder) {
        this.folder = folder;
    }

    boolean isTaken() {
        return taken != null;
    }

    /**
     * Takes it, if this does not have it yet.
     *
     * @throws CheckpointException if another process has it
     */
    void take() throws IOException {
        if (taken != null && Files.exists(taken.resolve(NAME))) {
            return;
        }
        Files.createDirectories(folder);
        Path real = folder.toRealPath();
        synchronized (ALL) {
            Held held = ALL.get(real);
            if (held == null || !Files.exists(real.resolve(NAME))) {
                held = new Held(open(real), new AtomicInteger());
                ALL.put(real, held);
            }
            held.users().incrementAndGet();
        }
        taken = real;
    }

    private FileChannel open(Path real) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (IOException e) {
            LOGGER.warn(
                    "{}: the file system has no locks ({}): see yourself that no other job writes"
                            + " its checkpoints there",
                    folder,
                    e.toString());
            return channel;
        }
        if (lock == null) {
            channel.close();
            throw new CheckpointException(
                    folder + ": another job writes its checkpoints there; name another folder");
        }
        return channel;
    }

    /** Gives it back, once all runs of this process have. */
    @Override
    public void close() {
        if (taken == null) {
            return;
        }
        synchronized (ALL) {
            Held held = ALL.get(taken);
            if (held != null && held.users().decrementAndGet() == 0) {
                ALL.remove(taken);
                try {
                    held.channel().close();
                } catch (IOException e) {
                    LOGGER.warn("{}: its lock cannot be given back: {}", folder, e.toString());
                }
            }
        }
        taken = null;
    }
}
