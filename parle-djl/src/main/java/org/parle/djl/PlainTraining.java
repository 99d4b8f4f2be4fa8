package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;

import org.parle.djl.job.Gpus;
import org.parle.djl.job.World;
import org.parle.djl.training.PlainSide;
import org.parle.djl.training.Run;
import org.parle.djl.training.RunListener;
import org.parle.djl.training.Runs;
import org.parle.djl.training.Settings;

import java.util.List;

/**
 * What an optimizer does inside DJL's own trainer, from what it hears there: one {@code update} for
 * each parameter and device, and a listener's calls.
 */
final class PlainTraining {

    static final String NO_EXECUTOR =
            "leave optExecutorService out of the training config: with several devices DJL does not"
                    + " wait for its threads (DJL issue 2459)";

    private final PlainSide side;
    private final Run run;
    private boolean lastOfEpoch;

    PlainTraining(Settings settings, Trainer trainer) {
        World world = World.current();
        if (world.bodiesHere() > 1) {
            throw new IllegalStateException(
                    "replicas on threads of one JVM need replica.newTrainer(model, config) instead"
                            + " of model.newTrainer(config): DJL's own collects gradients on one"
                            + " thread only");
        }
        if (trainer.getDevices().length > 1 && trainer.getExecutorService().isPresent()) {
            throw new IllegalArgumentException(NO_EXECUTOR);
        }
        Gpus.require(trainer.getManager().getEngine(), trainer.getDevices());
        side = new PlainSide(trainer);
        run =
                new Run(
                        world,
                        settings,
                        trainer.getModel().getBlock(),
                        trainer.getManager(),
                        trainer.getDevices(),
                        side);
        Runs.put(trainer, run);
        trainer.notifyListeners(listener -> Checkpoints.bind(listener, run));
    }

    /** Hears of a batch after its backward pass and before its step. */
    void batch(Batch batch) {
        run.guarded(
                () -> {
                    run.goOn();
                    run.updatesPerEpoch(RunListener.updatesPerEpoch(batch));
                    if (side.wants(run.model().hasStatistics())) {
                        run.model().inputs().add(batch.getData());
                    }
                    side.requireGradients();
                });
        lastOfEpoch = batch.getProgress() + batch.getSize() >= batch.getProgressTotal();
    }

    /** Hears of one parameter on one device; the last of them makes the step. */
    void update(String id, NDArray weight) {
        if (run.guarded(() -> side.update(id, weight))) {
            boolean last = run.guarded(this::step);
            run.stepTaken(last);
            if (last) {
                throw new ReplicasStoppedException(run.replicas().steps());
            }
            if (lastOfEpoch) {
                run.guarded(run.model()::write);
            }
        }
    }

    private boolean step() {
        List<NDArray> gathered = side.gathered();
        run.model().layOut();
        boolean last = run.step(gathered);
        if (gathered != null) {
            gathered.forEach(NDArray::close);
        }
        return last;
    }

    /** Hears of a batch of an evaluation, whose memory no step needs. */
    void validationBatch() {
        run.memory().releaseIfIdle();
    }

    void epoch() {
        run.epoch();
    }

    void end() {
        run.close();
    }
}
