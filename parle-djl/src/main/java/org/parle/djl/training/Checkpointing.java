package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

import org.parle.djl.checkpoint.CheckpointFolder;
import org.parle.djl.checkpoint.CheckpointReader;
import org.parle.djl.checkpoint.CheckpointWriter;
import org.parle.djl.checkpoint.Snapshot;
import org.parle.djl.data.Shard;
import org.parle.djl.data.ShardPosition;
import org.parle.djl.data.ShardTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The work of {@code Checkpoints}: one run, one folder to write to. */
public final class Checkpointing {

    private static final Logger LOGGER = LoggerFactory.getLogger(Checkpointing.class);

    private static final long NOTICEABLE = 1_000_000_000L;

    private static final String SHARD = "shard";
    private static final String EPOCH = "shard.epoch";
    private static final String BATCH = "shard.batch";

    private final Path path;
    private final CheckpointFolder folder;
    private final Shard shard;
    private final Map<String, String> settings;

    /**
     * Creates it.
     *
     * @param path the folder to write to
     * @param shard whose position is kept, null for none
     * @param settings what a resumed run must have in common
     */
    public Checkpointing(Path path, Shard shard, Map<String, String> settings) {
        this.path = path;
        this.shard = shard;
        this.settings = settings;
        folder = new CheckpointFolder(path);
    }

    /**
     * Refuses a folder with newer checkpoints, another run's, and one that another job writes to.
     *
     * @param run that begins, or goes on
     */
    public void begin(Run run) {
        folder.requireNoneAfter(run.replicas().steps());
        if (isFirst(run)) {
            folder.lock();
        }
    }

    /** Lets other jobs write to the folder. */
    public void end() {
        folder.close();
    }

    /**
     * Writes a checkpoint. Collective.
     *
     * @param run to save
     */
    public void save(Run run) {
        long begin = System.nanoTime();
        run.check();
        long step = run.replicas().steps();
        RunState state = new RunState(run);
        Map<String, Long> counters = state.counters();
        if (shard != null) {
            counters.put(EPOCH, shard.position().epoch());
            counters.put(BATCH, (long) shard.position().batch());
        }
        // the layout is there once the arrays are
        var arrays = state.arrays();
        Snapshot snapshot =
                new Snapshot(
                        step,
                        run.replicas().communicator().size(),
                        describe(run, step),
                        arrays,
                        counters);
        Path written = new CheckpointWriter(folder, run.world().bodies()).write(snapshot);
        if (written != null) {
            String seconds = String.format(Locale.ROOT, "%.1f", (System.nanoTime() - begin) / 1e9);
            LOGGER.atLevel(System.nanoTime() - begin < NOTICEABLE ? Level.DEBUG : Level.INFO)
                    .log("wrote {}, for which training waited {} s", written, seconds);
        }
    }

    /** Returns what a resumed run must have in common with the one that was saved at a step. */
    private Map<String, String> describe(Run run, long step) {
        Map<String, String> lines = new LinkedHashMap<>(settings);
        LocalReplicas replicas = run.replicas();
        Integer seed = run.world().seed();
        lines.put(
                "seed", String.valueOf(seed != null ? seed : run.manager().getEngine().getSeed()));
        lines.put(SHARD, ShardTerms.saved(shard));
        if (step > 0) {
            float rate = run.settings().tracker().getNewValue(Math.toIntExact(step));
            lines.put("learning rate at its step", Float.toString(rate));
        }
        lines.putAll(Terms.of(run.settings(), replicas.count(), replicas.layout()));
        lines.remove(Terms.VERSION);
        lines.remove(Terms.REPLICAS);
        return lines;
    }

    /**
     * Resumes from the newest checkpoint, if there is one. Collective.
     *
     * @param run that goes on
     * @return the step at which it goes on, 0 if there is no checkpoint
     */
    public long resumeIfPresent(Run run) {
        if (new CheckpointReader(path, run.world().bodies()).present()) {
            return resume(run, path, false);
        }
        if (isFirst(run)) {
            LOGGER.info("there is no checkpoint in {}: the run begins anew", path);
        }
        return 0;
    }

    /**
     * Resumes. Collective.
     *
     * @param run that goes on
     * @param from a checkpoint's own folder, or the folder of several
     * @param fromReference whether all replicas start from its reference
     * @return the step at which it goes on
     */
    public long resume(Run run, Path from, boolean fromReference) {
        if (run.replicas().steps() > 0) {
            throw new IllegalStateException(
                    "a run is resumed before its first step, and this one has taken "
                            + run.replicas().steps());
        }
        CheckpointReader reader = new CheckpointReader(from, run.world().bodies());
        RunState state = new RunState(run);
        int total = run.replicas().communicator().size();
        try (NDManager manager = run.manager().newSubManager(Device.cpu())) {
            Snapshot snapshot;
            if (fromReference) {
                snapshot =
                        reader.readFirst(
                                state.referencePlaces(),
                                step -> describe(run, step),
                                Set.of(SHARD));
                state.restoreReference(snapshot);
                warn(run, reader.checkpoint(), snapshot.replicas(), total);
            } else {
                snapshot = reader.read(state.places(manager), total, step -> describe(run, step));
                state.restore(snapshot);
            }
            resumeShard(snapshot);
            if (isFirst(run)) {
                LOGGER.info("resumed {} at step {}", reader.checkpoint(), snapshot.step());
            }
            return snapshot.step();
        }
    }

    private static void warn(Run run, Path checkpoint, int before, int now) {
        if (isFirst(run)) {
            LOGGER.warn(
                    "all replicas ({}) start from the reference of {} (replicas: {}); the"
                            + " algorithm's vectors, such as momenta, begin anew",
                    now,
                    checkpoint,
                    before);
        }
    }

    private void resumeShard(Snapshot snapshot) {
        Long epoch = snapshot.counters().get(EPOCH);
        if (shard == null || epoch == null) {
            return;
        }
        // of a shard that is dealt otherwise, the batches taken are not known
        boolean same = ShardTerms.saved(shard).equals(snapshot.run().get(SHARD));
        int batch = same ? Math.toIntExact(snapshot.counters().get(BATCH)) : 0;
        shard.setPosition(new ShardPosition(epoch, batch));
    }

    private static boolean isFirst(Run run) {
        return run.world().bodies().rank() == 0;
    }
}
