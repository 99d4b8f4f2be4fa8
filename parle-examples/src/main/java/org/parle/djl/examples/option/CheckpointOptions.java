package org.parle.djl.examples.option;

import ai.djl.training.Trainer;

import picocli.CommandLine.Option;

import org.parle.djl.Checkpoints;
import org.parle.djl.checkpoint.CheckpointFolder;
import org.parle.djl.data.Shard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What {@code parle train} may be told of checkpoints. */
public final class CheckpointOptions {

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "folder to write checkpoints to; the last two are kept")
    public Path folder;

    @Option(
            names = "--every",
            defaultValue = "250",
            paramLabel = "STEPS",
            description = "how often")
    int every;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "go on from the newest checkpoint there; the same folder as --checkpoint may"
                            + " still be empty")
    Path resume;

    @Option(
            names = "--from-reference",
            description = "start all replicas from the checkpoint's reference, however many it had")
    boolean fromReference;

    void check() {
        if (every < 1) {
            throw new IllegalArgumentException("--every must be at least 1, not " + every);
        }
        if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--checkpoint must be a folder: " + folder);
        }
        if (fromReference && resume == null) {
            throw new IllegalArgumentException("--from-reference needs --resume DIR");
        }
        if (resume != null && !mayBegin() && !Files.isDirectory(resume)) {
            throw new IllegalArgumentException("--resume must be a folder: " + resume);
        }
    }

    /** A job that is started again and again with the same line begins when there is nothing. */
    private boolean mayBegin() {
        return resume.equals(folder) && !fromReference;
    }

    /** Returns whether there is nothing yet to go on from. */
    boolean begins() {
        return resume == null || CheckpointFolder.find(resume).isEmpty();
    }

    public boolean given() {
        return folder != null || resume != null;
    }

    /**
     * Makes a run's checkpoints.
     *
     * @param shard whose position is kept
     * @param data what the data are
     * @param model the network's name, which says all of its options
     */
    public Checkpoints of(Shard shard, Map<String, String> data, String model) {
        Checkpoints.Builder builder =
                Checkpoints.builder().setFolder(folder != null ? folder : resume).optShard(shard);
        data.forEach(builder::optSetting);
        builder.optSetting("model", model);
        return (folder != null ? builder.optEvery(every) : builder).build();
    }

    /** Returns the step at which the run goes on, 0 for a new one. Collective. */
    public long resume(Checkpoints checkpoints, Trainer trainer) {
        if (resume == null) {
            return 0;
        }
        if (mayBegin()) {
            return checkpoints.resume(trainer);
        }
        return fromReference
                ? checkpoints.resumeFromReference(trainer, resume)
                : checkpoints.resume(trainer, resume);
    }
}
