package org.parle.djl.monitor;

import ai.djl.Device;
import ai.djl.metric.Metrics;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.listener.TrainingListenerAdapter;

import org.parle.djl.vector.GradientMode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes down what a run did, a row for each epoch and for each synchronisation: into {@code
 * run.jsonl} (lines of JSON), {@code run.csv}, and an event file for TensorBoard. The trainer's
 * {@link Metrics}, where it has some, get the same numbers.
 *
 * <p>A listener for one replica's trainer, usually the first's:
 *
 * <pre>{@code
 * if (replica.isFirst()) {
 *     config.addTrainingListeners(RunLog.builder().setFolder(folder).build());
 * }
 * }</pre>
 *
 * <p>A row has the epoch, the step, seconds since training began, {@code loss} (of this replica's
 * own weights, the mean since the last row of that kind), {@code learningRate}, and what the
 * trainer measures itself, such as {@code bytesSent}. A row of an epoch has the evaluations of
 * {@code EasyTrain.fit} too, as DJL calls them ({@code validate_Accuracy}), and what the program
 * {@linkplain #note noted}. Rows of synchronisations come with a {@code ReplicaTrainer} only. Used
 * by its trainer's thread only.
 */
public final class RunLog extends TrainingListenerAdapter implements AutoCloseable {

    private final LogFiles files;
    private final Map<String, Double> noted = new LinkedHashMap<>();
    private final Losses losses = new Losses();
    private long begin;
    private long batches;
    private long synchronisations;
    private int epoch = 1;
    private boolean begun;

    private RunLog(LogFiles files) {
        this.files = files;
    }

    /**
     * Returns a builder of logs.
     *
     * @return one without a folder yet
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Adds a number to the next epoch's row.
     *
     * @param name as it is to be written
     * @param value a number; one that is not finite is left out
     */
    public void note(String name, double value) {
        if (Double.isFinite(value)) {
            noted.put(name, value);
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        if (begin == 0) {
            begin = System.nanoTime();
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData data) {
        onTrainingBegin(trainer);
        if (!begun) {
            begun = true;
            goOn(trainer);
        }
        // a step is over when the next batch comes
        synchronised(trainer);
        batches++;
        for (Device device : data.getLabels().keySet()) {
            // a graph would keep what the loss was made of
            losses.add(
                    GradientMode.off(
                            () ->
                                    trainer.getLoss()
                                            .evaluate(
                                                    data.getLabels().get(device),
                                                    data.getPredictions().get(device))));
        }
    }

    /** A run that was resumed goes on with its log: rows after the resumed step are dropped. */
    private void goOn(Trainer trainer) {
        if (trainer instanceof Observed observed && observed.getSteps() > 0) {
            synchronisations = observed.getSynchronisations();
            Row last = files.resume(observed.getSteps());
            if (last != null) {
                epoch = last.event().equals("epoch") ? last.epoch() + 1 : last.epoch();
                begin -= (long) (last.seconds() * 1e9);
            }
        }
    }

    private void synchronised(Trainer trainer) {
        if (trainer instanceof Observed observed
                && observed.getSynchronisations() != synchronisations) {
            synchronisations = observed.getSynchronisations();
            write(trainer, "sync", losses.sinceSynchronisation(), Map.of());
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onEpoch(Trainer trainer) {
        synchronised(trainer);
        Map<String, Double> more = new TreeMap<>();
        TrainingResult result = trainer.getTrainingResult();
        result.getEvaluations().forEach((name, value) -> more.put(name, value.doubleValue()));
        more.keySet().removeIf(name -> !Float.isFinite(more.get(name).floatValue()));
        more.putAll(noted);
        write(trainer, "epoch", losses.sinceEpoch(), more);
        noted.clear();
        epoch++;
    }

    private void write(Trainer trainer, String event, Mean loss, Map<String, Double> more) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (loss.count() > 0) {
            values.put("loss", loss.take());
        }
        long step = batches;
        if (trainer instanceof Observed observed) {
            step = observed.getSteps();
            values.putAll(observed.measurements());
        }
        values.putAll(more);
        Metrics metrics = trainer.getMetrics();
        if (metrics != null) {
            values.forEach((name, value) -> metrics.addMetric(event + '_' + name, value));
        }
        files.write(new Row(event, epoch, step, (System.nanoTime() - begin) / 1e9, values));
    }

    /** Closes the files. */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        close();
    }

    /**
     * Notes that the run came to its end as it was meant to, and closes the files. Nothing is
     * written after it. A trainer that closes, for whatever reason, closes the files only.
     *
     * @param results what came out, for the last line of {@code run.jsonl}
     */
    public void end(Map<String, Double> results) {
        files.end(results);
    }

    /**
     * Notes that the run diverged, in the last line of {@code run.jsonl}. Of several replicas on
     * threads it is known only after {@code Replicas.run} whether this is what went wrong first:
     * that the trainer has closed the files by then does not matter.
     *
     * @param step at which it did
     * @param message what happened
     */
    public void diverged(long step, String message) {
        files.diverged(step, message);
    }

    /** Closes the files of a run that did not come to its end. */
    @Override
    public void close() {
        losses.close();
        files.close();
    }

    /** Builds logs. */
    public static final class Builder {

        private final Map<String, Object> settings = new LinkedHashMap<>();
        private Path folder;

        private Builder() {}

        /**
         * Sets the folder, which is made where it is missing. A log in it is replaced, but goes on
         * if a {@code ReplicaTrainer}'s run was resumed.
         *
         * @param path the folder
         * @return this
         */
        public Builder setFolder(Path path) {
            folder = path;
            return this;
        }

        /**
         * Adds one of the run's settings, for the first line of {@code run.jsonl}.
         *
         * @param name as it is to be written
         * @param value what JSON can hold: text, a number, a list
         * @return this
         */
        public Builder optSetting(String name, Object value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Builds the log.
         *
         * @return a listener for one trainer
         * @throws IllegalStateException if there is no folder
         * @throws IllegalArgumentException if the folder is a file
         */
        public RunLog build() {
            if (folder == null) {
                throw new IllegalStateException("a log needs setFolder(path)");
            }
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                throw new IllegalArgumentException("a log is a folder, not the file " + folder);
            }
            return new RunLog(new LogFiles(folder, settings));
        }
    }
}
