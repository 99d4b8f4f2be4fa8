package org.parle.djl.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of checkpoints, {@code step-000000250} and so on. What is under way has a name that ends
 * in {@code .tmp}, and is given the real one by a rename when it is whole.
 *
 * <p>One job writes at a time: its rank 0 holds a lock on a file there until its runs or its
 * process end. Reading is free to all. Used by one thread.
 */
public final class CheckpointFolder implements AutoCloseable {

    private static final int KEPT = 2;
    private static final int LEAST_DIGITS = 9;
    private static final int MOST_DIGITS = 18;
    private static final String TEMPORARY = ".tmp";
    private static final Pattern NAME = Pattern.compile("step-(\\d{9,18})");

    private final Path root;
    private final FolderLock lock;

    /**
     * Names a folder, which need not be there yet.
     *
     * @param root where the checkpoints are
     */
    public CheckpointFolder(Path root) {
        this.root = root;
        lock = new FolderLock(root);
    }

    /**
     * Finds the newest checkpoint.
     *
     * @return its own folder, empty where there is none
     * @throws CheckpointException if the folder cannot be read
     */
    public Optional<Path> newest() {
        return checkpoints().stream().findFirst();
    }

    /**
     * Returns the step that a checkpoint's folder is named after.
     *
     * @param checkpoint the folder
     * @return the step, empty if that is no such name
     */
    public static OptionalLong step(Path checkpoint) {
        Path name = checkpoint.getFileName();
        Matcher matcher = NAME.matcher(name == null ? "" : name.toString());
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    /**
     * Finds the checkpoint that a path means.
     *
     * @param path a checkpoint's own folder, or the folder of several: then the newest is meant
     * @return its own folder, empty where there is none
     * @throws CheckpointException if the folder cannot be read
     */
    public static Optional<Path> find(Path path) {
        return step(path).isPresent() ? Optional.of(path) : new CheckpointFolder(path).newest();
    }

    /**
     * Refuses to go on where a later checkpoint is, which would be taken for this run's.
     *
     * @param step where this run stands
     * @throws CheckpointException if there is one, which it names
     */
    public void requireNoneAfter(long step) {
        newest().filter(path -> step(path).orElseThrow() > step)
                .ifPresent(
                        path -> {
                            throw new CheckpointException(
                                    path
                                            + ": another run wrote it, or this one at a later step"
                                            + " than "
                                            + step
                                            + ", where it stands now; resume it, remove it, or name"
                                            + " another folder");
                        });
    }

    /** Returns the whole ones, the newest first. */
    private List<Path> checkpoints() {
        return list(path -> step(path).isPresent()).stream()
                .sorted(
                        Comparator.comparingLong((Path path) -> step(path).orElseThrow())
                                .thenComparing(path -> path.getFileName().toString().length())
                                .reversed())
                .toList();
    }

    private List<Path> list(Predicate<Path> wanted) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(wanted).toList();
        } catch (IOException e) {
            throw new CheckpointException(root + ": cannot be read: " + e, e);
        }
    }

    private Path whole(long step, int digits) {
        return root.resolve(String.format(Locale.ROOT, "step-%0" + digits + "d", step));
    }

    /** One more digit than another of the same step has, which goes when this one is there. */
    private Path free(long step) {
        int digits = LEAST_DIGITS;
        while (digits < MOST_DIGITS && Files.exists(whole(step, digits))) {
            digits++;
        }
        return whole(step, digits);
    }

    /** Returns the folder in which a checkpoint is written. */
    Path underWay(long step) {
        return root.resolve(whole(step, LEAST_DIGITS).getFileName() + TEMPORARY);
    }

    /** Clears away what a killed run left half written, and makes room for a new one. */
    void begin(long step) throws IOException {
        requireNoneAfter(step);
        lock();
        clear();
        Files.createDirectory(underWay(step));
    }

    /**
     * Says that this process writes here, until {@link #close} or its end.
     *
     * @throws CheckpointException if another job does, or the folder cannot be made
     */
    public void lock() {
        try {
            lock.take();
        } catch (IOException e) {
            throw new CheckpointException(trouble(e), e);
        }
    }

    /** Lets other jobs write here, once all of this process's runs here have ended. */
    @Override
    public void close() {
        lock.close();
    }

    /** Deletes what this job has half written. */
    void clear() throws IOException {
        if (!lock.isTaken()) {
            return;
        }
        for (Path left :
                list(
                        path ->
                                path.getFileName().toString().startsWith("step-")
                                        && path.getFileName().toString().endsWith(TEMPORARY))) {
            delete(left);
        }
    }

    /** Says why something was not written, and how much could be. */
    String trouble(IOException e) {
        return root + ": a checkpoint cannot be written there: " + e + "; " + FreeSpace.of(root);
    }

    /** Makes what is under way the newest checkpoint, for good, and drops the oldest. */
    Path publish(long step) throws IOException {
        Path whole = free(step);
        force(underWay(step));
        Files.move(underWay(step), whole, StandardCopyOption.ATOMIC_MOVE);
        force(root);
        int kept = 0;
        for (Path old : checkpoints()) {
            boolean replaced = !old.equals(whole) && step(old).orElseThrow() == step;
            if (replaced || ++kept > KEPT) {
                drop(old);
            }
        }
        return whole;
    }

    /** Renamed first: a kill half-way must not leave part of one under a whole one's name. */
    private static void drop(Path checkpoint) throws IOException {
        Path doomed = checkpoint.resolveSibling(checkpoint.getFileName() + ".old" + TEMPORARY);
        Files.move(checkpoint, doomed, StandardCopyOption.ATOMIC_MOVE);
        delete(doomed);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }

    /** Brings a folder's entries to the disk. */
    private static void force(Path folder) throws IOException {
        // Windows opens no folders, and needs no such call
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
