package org.parle.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;

import org.parle.djl.checkpoint.CheckpointException;
import org.parle.djl.data.Shard;
import org.parle.djl.training.Checkpointing;
import org.parle.djl.training.Run;
import org.parle.djl.training.Runs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes checkpoints as a run trains, and resumes it from the newest: in a {@link ReplicaTrainer},
 * and in DJL's own trainer with a {@link ReplicaOptimizer}.
 *
 * <pre>
 * Shard shard = replica.shard(train);
 * Checkpoints checkpoints =
 *         Checkpoints.builder().setFolder(folder).optEvery(250).optShard(shard).build();
 * config.addTrainingListeners(checkpoints);
 * try (Trainer trainer = replica.newTrainer(model, config)) {
 *     trainer.initialize(shape);
 *     checkpoints.resume(trainer);
 *     EasyTrain.fit(trainer, epochs - (int) shard.epoch(), shard, test);
 * }
 * </pre>
 *
 * <p>A checkpoint has all that the run consists of: every vector and counter of the algorithm, the
 * model's other parameters, the step, and where the shard stands, be it in the middle of an epoch.
 * The learning rate's tracker is asked with the step, so it goes on as well. With one replica in
 * the process and a seed, a resumed run equals one that was never stopped, bit for bit; with
 * several on threads that holds for networks that draw nothing (no dropout).
 *
 * <p>The two newest are kept. A kill at any instant leaves one that is whole, and of the same step
 * on all replicas. What DJL's listeners count themselves, epochs and metrics, begins anew.
 *
 * <p><b>Collective</b>: all replicas name the same folder, which they share, and call {@link #save}
 * and the resuming methods alike. A run that {@link Replicas#stop} ends is saved too. One of these
 * serves one trainer, on that trainer's thread.
 */
public final class Checkpoints extends TrainingListenerAdapter {

    private final Checkpointing work;
    private final int every;
    private boolean begun;

    private Checkpoints(Builder builder) {
        Objects.requireNonNull(builder.folder, "Checkpoints need a folder: call setFolder");
        every = builder.every;
        work =
                new Checkpointing(
                        builder.folder, builder.shard, new LinkedHashMap<>(builder.settings));
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Writes a checkpoint now, between steps. Collective.
     *
     * @param trainer whose run it is
     * @throws CheckpointException on all replicas, if one could not write; the checkpoints from
     *     before are left
     */
    public void save(Trainer trainer) {
        Run run = run(trainer);
        run.guarded(() -> work.save(run));
    }

    /**
     * Resumes from the newest checkpoint in the folder, or begins anew where there is none.
     * Collective: after {@code initialize}, before the first batch.
     *
     * @param trainer whose run it is
     * @return the step at which it goes on, 0 where there is no checkpoint
     * @throws CheckpointException on all replicas, if the newest is damaged, or another run's
     */
    public long resume(Trainer trainer) {
        Run run = run(trainer);
        return run.guarded(() -> work.resumeIfPresent(run));
    }

    /**
     * Resumes from a checkpoint. Collective: after {@code initialize}, before the first batch.
     *
     * @param trainer whose run it is
     * @param from a checkpoint's own folder, or the folder of several: then the newest is meant
     * @return the step at which it goes on
     * @throws CheckpointException on all replicas, if there is none, or it is damaged, or another
     *     run's
     */
    public long resume(Trainer trainer, Path from) {
        return resume(trainer, from, false);
    }

    /**
     * Starts all replicas from a checkpoint's reference, however many replicas that had: the
     * algorithm's vectors begin anew, step and schedule go on. Where the shard is another than
     * then, its epoch begins anew. Collective: after {@code initialize}, before the first batch.
     *
     * @param trainer whose run it is
     * @param from a checkpoint's own folder, or the folder of several: then the newest is meant
     * @return the step at which it goes on
     * @throws CheckpointException on all replicas, if there is none, or it is damaged, or another
     *     model's or optimizer's
     */
    public long resumeFromReference(Trainer trainer, Path from) {
        return resume(trainer, from, true);
    }

    private long resume(Trainer trainer, Path from, boolean fromReference) {
        Run run = run(trainer);
        return run.guarded(() -> work.resume(run, from, fromReference));
    }

    private static Run run(Trainer trainer) {
        Run run = Runs.of(trainer);
        if (run == null) {
            throw new IllegalStateException(
                    "checkpoints are for a ReplicaTrainer, or a trainer whose optimizer couples"
                            + " replicas and was added as listener too"
                            + " (.addTrainingListeners(optimizer))");
        }
        return run;
    }

    /** Registers a listener with its trainer's run, if it is one of these and writes by itself. */
    static void bind(TrainingListener listener, Run run) {
        if (listener instanceof Checkpoints checkpoints && checkpoints.every > 0) {
            String every = String.valueOf(checkpoints.every);
            run.world().mustAgree("steps between checkpoints", every);
            run.afterStep(
                    last -> {
                        if (last || run.replicas().steps() % checkpoints.every == 0) {
                            checkpoints.work.save(run);
                        }
                    });
        }
    }

    /** Looks before the first step whether another run's checkpoints are in the way. */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        if (!begun && every > 0) {
            begun = true;
            Run run = run(trainer);
            run.guarded(() -> work.begin(run));
        }
    }

    /** Lets other jobs write to the folder. */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        work.end();
    }

    /** The builder of {@link Checkpoints}. */
    public static final class Builder {

        private Path folder;
        private int every;
        private Shard shard;
        private final Map<String, String> settings = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets where the checkpoints are, a folder that all replicas share.
         *
         * @param path the folder, made where it is not there yet
         * @return this builder
         */
        public Builder setFolder(Path path) {
            folder = path;
            return this;
        }

        /**
         * Writes a checkpoint after every so many steps; by default only {@link #save} does.
         *
         * @param steps at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder optEvery(int steps) {
            if (steps < 1) {
                throw new IllegalArgumentException(
                        "a checkpoint is written every so many steps, at least 1, not " + steps);
            }
            every = steps;
            return this;
        }

        /**
         * Keeps where this replica's shard stands. Without one, a resumed run begins its data anew.
         *
         * @param data what the trainer trains on
         * @return this builder
         */
        public Builder optShard(Shard data) {
            shard = data;
            return this;
        }

        /**
         * Adds a setting of the program's own that a resumed run must have in common, for example
         * the data set's name.
         *
         * @param name what it is
         * @param value its value, kept as text
         * @return this builder
         */
        public Builder optSetting(String name, Object value) {
            settings.put(name, String.valueOf(value));
            return this;
        }

        /**
         * Builds the checkpoints, for one trainer.
         *
         * @return the checkpoints
         */
        public Checkpoints build() {
            return new Checkpoints(this);
        }
    }
}
