package org.parle.djl.checkpoint;

import ai.djl.util.JsonUtils;

import org.parle.djl.comm.Communicator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes checkpoints: every rank its own file, then rank 0 the manifest, and only when all have
 * written the whole is given its name. A kill at any instant leaves the checkpoint before.
 *
 * <p>Collective: all ranks write at the same step. Used by one thread at a time.
 */
public final class CheckpointWriter {

    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointWriter.class);

    private final CheckpointFolder folder;
    private final Communicator bodies;

    /**
     * Creates a writer.
     *
     * @param folder where to, seen by all ranks
     * @param bodies how the ranks talk
     */
    public CheckpointWriter(CheckpointFolder folder, Communicator bodies) {
        this.folder = folder;
        this.bodies = bodies;
    }

    /**
     * Writes a checkpoint; the last two are kept. Collective.
     *
     * @param snapshot what this rank keeps
     * @return the checkpoint's folder; on rank 0 only, else null
     * @throws CheckpointException on every rank, if one of them could not write; the checkpoints
     *     from before are left
     */
    public Path write(Snapshot snapshot) {
        try {
            return writeAll(snapshot);
        } catch (CheckpointException e) {
            clear();
            throw e;
        }
    }

    /** What is half written helps nobody, and its space may be what is wanting. */
    private void clear() {
        if (bodies.rank() == 0) {
            try {
                folder.clear();
            } catch (IOException e) {
                LOGGER.warn("{}", folder.trouble(e));
            }
        }
    }

    private List<String> together(Together.Work work) {
        return Together.run(
                bodies,
                () -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        throw new CheckpointException(folder.trouble(e), e);
                    }
                });
    }

    private Path writeAll(Snapshot snapshot) {
        boolean first = bodies.rank() == 0;
        long step = snapshot.step();
        requireEqual(
                together(
                        () -> {
                            if (first) {
                                folder.begin(step);
                            }
                            return String.valueOf(step);
                        }));
        List<String> files = together(() -> writeFile(snapshot));
        Path[] whole = new Path[1];
        together(
                () -> {
                    if (first) {
                        new Manifest(
                                        Manifest.FORMAT,
                                        Manifest.VERSION,
                                        step,
                                        snapshot.replicas(),
                                        snapshot.run(),
                                        files.stream().map(CheckpointWriter::parse).toList())
                                .write(folder.underWay(step));
                        whole[0] = folder.publish(step);
                    }
                    return "";
                });
        return whole[0];
    }

    private static void requireEqual(List<String> steps) {
        for (int rank = 1; rank < steps.size(); rank++) {
            if (!steps.get(rank).equals(steps.get(0))) {
                throw new CheckpointException(
                        "a checkpoint is written by all replicas at the same step: replica "
                                + rank
                                + " is at step "
                                + steps.get(rank)
                                + ", replica 0 at step "
                                + steps.get(0));
            }
        }
    }

    private String writeFile(Snapshot snapshot) throws IOException {
        Path under = folder.underWay(snapshot.step());
        if (!Files.isDirectory(under)) {
            throw new CheckpointException(
                    under
                            + ": rank 0 made it, and rank "
                            + bodies.rank()
                            + " does not see it: all processes need a folder that they share");
        }
        String name = String.format(Locale.ROOT, "rank-%04d.npz", bodies.rank());
        Path file = under.resolve(name);
        String sha256 = NpzWriter.write(file, snapshot.arrays());
        return JsonUtils.GSON.toJson(
                new Manifest.RankFile(name, Files.size(file), sha256, snapshot.counters()));
    }

    private static Manifest.RankFile parse(String json) {
        return JsonUtils.GSON.fromJson(json, Manifest.RankFile.class);
    }
}
