package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;

import org.parle.djl.training.Settings;

/**
 * An optimizer that couples replicas, for DJL's own trainer: it is registered twice, as optimizer
 * and as listener.
 *
 * <pre>config.optOptimizer(optimizer).addTrainingListeners(optimizer);</pre>
 *
 * <p>Each of the trainer's devices is a replica (or each d of them, {@link
 * ReplicaBuilder#optDevicesPerReplica}), and in an MPI job those of all processes together.
 * Training and validation see the replica's own weights; the model itself holds the reference at
 * every end of an epoch, for all listeners, and after {@code close}. For validation on the
 * reference use {@link Replica#newTrainer}, which takes this optimizer from the config and needs no
 * listener.
 *
 * <p>The learning rate's tracker is asked once per mini-batch step with the step's number k, from
 * 1. Collective, so called on all processes alike: a step at which the algorithm synchronises, the
 * end of an epoch, and {@code close}.
 *
 * <p>One optimizer serves one trainer, on that trainer's thread.
 */
public final class ReplicaOptimizer extends Optimizer implements TrainingListener {

    private final Settings settings;
    private PlainTraining training;
    private boolean taken;
    private boolean elsewhere;

    ReplicaOptimizer(ReplicaBuilder<?> builder, Settings settings) {
        super(builder);
        this.settings = settings.with(rescaleGrad, clipGrad);
    }

    Settings settings() {
        return settings;
    }

    /** Binds this optimizer to a trainer of ours, to which it need not listen. */
    void takeElsewhere() {
        take();
        elsewhere = true;
    }

    private void take() {
        if (taken) {
            throw new IllegalStateException(
                    "this optimizer already serves another trainer: build one for each trainer,"
                            + " inside the body of Replicas.run");
        }
        taken = true;
    }

    /**
     * Takes one parameter's gradient on one device; the step is made when the last one has come.
     *
     * @param parameterId DJL's id of the parameter
     * @param weight its array on one device
     * @param grad the sum of its gradients over all devices
     * @throws IllegalStateException if this optimizer was not registered as listener
     */
    @Override
    public void update(String parameterId, NDArray weight, NDArray grad) {
        if (training == null) {
            throw new IllegalStateException(
                    "this optimizer must be a listener of its trainer too: add"
                            + " .addTrainingListeners(optimizer) to the training config");
        }
        training.update(parameterId, weight);
    }

    /** {@inheritDoc} */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        if (!elsewhere) {
            take();
            training = new PlainTraining(settings, trainer);
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        if (training != null) {
            training.batch(batchData.getBatch());
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onValidationBatch(Trainer trainer, BatchData batchData) {
        if (training != null) {
            training.validationBatch();
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onEpoch(Trainer trainer) {
        if (training != null) {
            training.epoch();
        }
    }

    /** {@inheritDoc} */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        if (training != null) {
            training.end();
        }
    }

    /**
     * Builds an optimizer that has no builder of its own; {@link #opt} sets its options by name.
     */
    public static final class Builder extends ReplicaBuilder<Builder> {

        Builder(String name) {
            super(name);
        }
    }
}
