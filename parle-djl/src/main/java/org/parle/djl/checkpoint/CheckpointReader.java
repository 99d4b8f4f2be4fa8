package org.parle.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.comm.Communicator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Reads a checkpoint, once it is known to be whole and of the same run. Collective; used by one
 * thread at a time.
 */
public final class CheckpointReader {

    private final Path checkpoint;
    private final Communicator bodies;

    /**
     * Creates a reader.
     *
     * @param folder a checkpoint's own folder, or the folder of several: then the newest is meant
     * @param bodies how the ranks talk
     */
    public CheckpointReader(Path folder, Communicator bodies) {
        this.bodies = bodies;
        checkpoint = CheckpointFolder.find(folder).orElse(folder);
    }

    /**
     * Returns which checkpoint is meant.
     *
     * @return its folder
     */
    public Path checkpoint() {
        return checkpoint;
    }

    /**
     * Returns whether there is a checkpoint. Collective.
     *
     * @return the same on all ranks
     * @throws CheckpointException on every rank, if not all of them find the same one
     */
    public boolean present() {
        return CheckpointFolder.step(Path.of(same("the checkpoint", this::name))).isPresent();
    }

    private String name() {
        return checkpoint.toAbsolutePath().getFileName().toString();
    }

    /**
     * Reads what this rank kept. Collective.
     *
     * @param manager given the arrays
     * @param replicas how many this run has
     * @param run what this run has at a step, to be compared
     * @return what was kept
     * @throws CheckpointException on every rank, if one of them finds its part damaged, or another
     *     run's
     */
    public Snapshot read(NDManager manager, int replicas, LongFunction<Map<String, String>> run) {
        return read((name, shape, type) -> manager.create(shape, type), replicas, run);
    }

    /**
     * Reads what this rank kept, straight into arrays that are there. Nothing is changed unless all
     * ranks find their parts whole. Collective.
     *
     * @param targets where each array goes
     * @param replicas how many this run has
     * @param run what this run has at a step, to be compared
     * @return what was kept, with the targets
     * @throws CheckpointException on every rank, if one of them finds its part damaged, or another
     *     run's
     */
    public Snapshot read(Targets targets, int replicas, LongFunction<Map<String, String>> run) {
        return load(
                targets,
                bodies.rank(),
                manifest -> {
                    requireAsMany(manifest, replicas);
                    requireEqual(manifest, run, Set.of());
                });
    }

    private void requireAsMany(Manifest manifest, int replicas) {
        if (manifest.replicas() != replicas || manifest.files().size() != bodies.size()) {
            throw new CheckpointException(
                    where()
                            + "written by "
                            + count(manifest.replicas(), manifest.files().size())
                            + ", and this run has "
                            + count(replicas, bodies.size())
                            + "; to start all from its reference: --from-reference, in a program"
                            + " Checkpoints.resumeFromReference");
        }
    }

    private static String count(int replicas, int trainers) {
        return replicas
                + (replicas == 1 ? " replica" : " replicas")
                + (replicas == trainers ? "" : " in " + trainers + " trainers");
    }

    /**
     * Reads what rank 0 kept, for any number of replicas, straight into arrays that are there.
     * Collective.
     *
     * @param targets where each array goes
     * @param run what this run has at a step, to be compared
     * @param except what may differ
     * @return what was kept
     * @throws CheckpointException on every rank, if one of them finds it damaged, or another run's
     */
    public Snapshot readFirst(
            Targets targets, LongFunction<Map<String, String>> run, Set<String> except) {
        return load(targets, 0, manifest -> requireEqual(manifest, run, except));
    }

    private void requireEqual(
            Manifest manifest, LongFunction<Map<String, String>> run, Set<String> except) {
        Map<String, String> theirs = new LinkedHashMap<>(manifest.run());
        Map<String, String> ours = new LinkedHashMap<>(run.apply(manifest.step()));
        theirs.keySet().removeAll(except);
        ours.keySet().removeAll(except);
        Comparison.requireEqual(where(), theirs, ours);
    }

    private Snapshot load(Targets targets, int rank, Consumer<Manifest> check) {
        List<Manifest> found = new ArrayList<>();
        same(
                "step",
                () -> {
                    requireCheckpoint();
                    Manifest manifest = Manifest.read(checkpoint);
                    check.accept(manifest);
                    requireWhole(manifest.files().get(rank));
                    found.add(manifest);
                    return String.valueOf(manifest.step());
                });
        Manifest manifest = found.get(0);
        Manifest.RankFile file = manifest.files().get(rank);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Together.run(
                bodies,
                () -> {
                    arrays.putAll(arrays(file, targets));
                    return "";
                });
        return new Snapshot(
                manifest.step(), manifest.replicas(), manifest.run(), arrays, file.counters());
    }

    private String same(String what, Together.Work work) {
        List<String> all = Together.run(bodies, work);
        for (int rank = 1; rank < all.size(); rank++) {
            if (!all.get(rank).equals(all.get(0))) {
                throw new CheckpointException(
                        checkpoint
                                + ": replica "
                                + rank
                                + " finds "
                                + what
                                + ' '
                                + all.get(rank)
                                + " there, replica 0 "
                                + all.get(0)
                                + "; all processes need a folder that they share");
            }
        }
        return all.get(0);
    }

    private void requireCheckpoint() {
        if (!Files.isDirectory(checkpoint)) {
            throw new CheckpointException(checkpoint + ": there is no such folder");
        }
        if (CheckpointFolder.step(checkpoint).isEmpty()) {
            throw new CheckpointException(
                    checkpoint + ": there is no checkpoint in it, no folder like step-000000250");
        }
    }

    private String where() {
        return checkpoint.resolve(Manifest.NAME) + ": ";
    }

    private void requireWhole(Manifest.RankFile file) throws IOException {
        Path path = checkpoint.resolve(file.name());
        try {
            long size = Files.size(path);
            if (size != file.bytes()) {
                throw new CheckpointException(
                        path
                                + ": is damaged: it has "
                                + size
                                + " bytes, and was written with "
                                + file.bytes());
            }
            if (!NpzReader.sha256(path).equals(file.sha256())) {
                throw new CheckpointException(path + ": is damaged: its checksum differs");
            }
        } catch (NoSuchFileException e) {
            throw new CheckpointException(path + ": is missing", e);
        }
    }

    private Map<String, NDArray> arrays(Manifest.RankFile file, Targets targets)
            throws IOException {
        Path path = checkpoint.resolve(file.name());
        try {
            return NpzReader.read(path, targets);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(path + ": holds no arrays: " + e.getMessage(), e);
        }
    }
}
