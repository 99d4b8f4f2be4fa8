package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A DJL trainer for one body of {@link Replicas#run}: {@code forward} trains the replica's own
 * weights, {@code step} is the local step and the synchronisation that may be due, {@code evaluate}
 * sees the reference, and {@code close} leaves the reference in the model.
 *
 * <p>Each of its devices is a replica. Made by {@link Replica#newTrainer}; DJL's {@code EasyTrain}
 * works on it as on any trainer, without an executor where there are several devices.
 *
 * <p>Collective, so called by all bodies alike: {@code initialize}, the first {@code forward},
 * {@code step}, the first {@code evaluate} after steps, the end of an epoch, and {@code close}.
 * Used by its body's thread only.
 */
public final class ReplicaTrainer extends Trainer {

    private final World world;
    private final TrainerHooks hooks;
    private final EpochVote vote;
    private final LocalReplicas replicas;
    private final ModelReference reference;
    private final TrainingInputs inputs;
    private final Map<Device, ParameterStore> training = new HashMap<>();
    private final Integer seed;
    private BlockParameters laidOut;
    private List<List<NDArray>> arrays;
    private FlatModel statistics;
    private boolean stale = true;
    private boolean showing;
    private boolean failed;
    private boolean closed;
    private long seededStep = -1;

    ReplicaTrainer(
            World world,
            Model model,
            TrainingConfig config,
            ReplicaOptimizer optimizer,
            TrainerHooks hooks) {
        super(model, config);
        this.world = world;
        this.hooks = hooks;
        vote = new EpochVote(world.bodies());
        hooks.attach(this::refreshGuarded, vote);
        replicas = new LocalReplicas(world, optimizer, getManager(), getDevices().length);
        reference = new ModelReference(model.getBlock(), getManager(), world.bodies());
        inputs = new TrainingInputs(optimizer.settings().batchNormBatches(), getManager());
        for (Device device : getDevices()) {
            NDManager own = getManager().newSubManager(device);
            training.put(device, new ParameterStore(own, true));
        }
        Integer engineSeed = getManager().getEngine().getSeed();
        boolean alone = world.bodiesHere() == 1 && replicas.count() == 1;
        seed = !alone ? null : world.seed() != null ? world.seed() : engineSeed;
        BlockParameters.prepareScripts(model.getBlock());
        SameStart.arrange(model.getBlock(), world.bodies());
    }

    /** {@inheritDoc} */
    @Override
    public void initialize(Shape... shapes) {
        Model model = getModel();
        guarded(
                () -> {
                    model.getBlock().initialize(model.getNDManager(), model.getDataType(), shapes);
                    return null;
                });
    }

    /** {@inheritDoc} */
    @Override
    public GradientCollector newGradientCollector() {
        return new ThreadGradientCollector();
    }

    /** {@inheritDoc} */
    @Override
    public NDList forward(NDList input) {
        prepareForward(input);
        long begin = System.nanoTime();
        NDList output = getModel().getBlock().forward(store(input), input, true);
        addMetric("forward", begin);
        return output;
    }

    /** {@inheritDoc} */
    @Override
    public NDList forward(NDList data, NDList labels) {
        prepareForward(data);
        long begin = System.nanoTime();
        NDList output = getModel().getBlock().forward(store(data), data, labels, null);
        addMetric("forward", begin);
        return output;
    }

    private ParameterStore store(NDList input) {
        Device device = input.head().getDevice();
        ParameterStore store = training.get(device);
        if (store == null) {
            throw new IllegalArgumentException(
                    "the input is on "
                            + device
                            + ", the trainer's devices are "
                            + Arrays.toString(getDevices())
                            + ": split the batch over them, as EasyTrain does");
        }
        return store;
    }

    private void prepareForward(NDList input) {
        guarded(
                () -> {
                    vote.goOn();
                    layOut();
                    showTraining();
                    if (seed != null && seededStep != replicas.steps()) {
                        seededStep = replicas.steps();
                        JniUtils.setSeed(Seeds.mix(seed, replicas.firstRank(), replicas.steps()));
                    }
                    boolean first = input.head().getDevice().equals(getDevices()[0]);
                    if (reference.hasStatistics() && first) {
                        inputs.add(input);
                    }
                    return null;
                });
    }

    /** Puts this replica's own values back into modules that keep one set of tensors only. */
    private void showTraining() {
        if (showing) {
            showing = false;
            GradientMode.off(
                    () -> {
                        replicas.weights().forEach(ReplicaWeights::publish);
                        if (statistics != null) {
                            statistics.push();
                        }
                    });
        }
    }

    private void layOut() {
        if (laidOut != null && laidOut.unchanged()) {
            return;
        }
        GradientMode.off(
                () -> {
                    BlockParameters now = BlockParameters.of(getModel().getBlock());
                    if (laidOut != null) {
                        takeReference();
                    }
                    arrays = new ArrayList<>();
                    for (Device device : getDevices()) {
                        arrays.add(now.trainedArrays(parameter -> array(parameter, now, device)));
                    }
                    arrays.forEach(list -> list.forEach(array -> array.setRequiresGradient(true)));
                    replicas.layOut(now.names(), arrays, now.copied());
                    if (statistics == null) {
                        statistics =
                                ModelReference.statistics(
                                        getManager(), now, p -> array(p, now, getDevices()[0]));
                    }
                    reference.layOut(now);
                    laidOut = now;
                    stale = true;
                });
    }

    private NDArray array(Parameter parameter, BlockParameters now, Device device) {
        return now.inScript(parameter)
                ? parameter.getArray()
                : training.get(device).getValue(parameter, device, true);
    }

    /** {@inheritDoc} */
    @Override
    public void step() {
        long begin = System.nanoTime();
        guarded(
                () -> {
                    if (laidOut == null) {
                        throw new IllegalStateException("step() before any forward and backward");
                    }
                    stale = true;
                    replicas.step(false, hooks.updatesPerEpoch());
                    return null;
                });
        addMetric("step", begin);
    }

    /** {@inheritDoc} */
    @Override
    public NDList evaluate(NDList input) {
        return guarded(
                () -> {
                    refresh();
                    show();
                    return GradientMode.off(
                            () -> {
                                NDArray head = input.head();
                                ParameterStore store =
                                        new ParameterStore(
                                                head.getManager().newSubManager(head.getDevice()),
                                                false);
                                return getModel().getBlock().forward(store, input, false, null);
                            });
                });
    }

    private void show() {
        if (!showing) {
            showing = true;
            GradientMode.off(
                    () -> {
                        if (statistics != null) {
                            statistics.pull();
                        }
                        reference.show();
                    });
        }
    }

    private void refreshGuarded() {
        guarded(
                () -> {
                    refresh();
                    return null;
                });
    }

    /** Brings the model up to the reference. Collective where steps were taken since. */
    private void refresh() {
        layOut();
        takeReference();
    }

    private void takeReference() {
        if (stale) {
            stale = false;
            show();
            reference.refresh(replicas.reference(), statistics, inputs, getDevices()[0]);
            reference.show();
        }
    }

    /**
     * Returns how many mini-batch steps each replica has taken.
     *
     * @return k
     */
    public long getSteps() {
        return replicas.steps();
    }

    /**
     * Returns how many synchronisations were finished.
     *
     * @return t
     */
    public long getSynchronisations() {
        return replicas.synchronisations();
    }

    /**
     * Returns a replica's own weights, as they are trained now.
     *
     * @param index which of this trainer's replicas, from 0
     * @return the flat vector itself, in the order of the block's parameters; not to be changed
     */
    public NDArray getWeights(int index) {
        layOut();
        return replicas.weights().get(index).vector();
    }

    /**
     * Returns the reference. Collective.
     *
     * @return the flat vector itself, valid until the next step; not to be changed
     */
    public NDArray getReference() {
        return guarded(
                () -> {
                    layOut();
                    return replicas.reference();
                });
    }

    /** A failure here ends the waits of all others at once, instead of running into the timeout. */
    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (ReplicasStoppedException | EarlyStoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            failed = true;
            world.fail(e);
            throw e;
        }
    }

    /** {@inheritDoc} */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!failed && laidOut != null) {
                guarded(
                        () -> {
                            vote.end();
                            refresh();
                            show();
                            return null;
                        });
            }
        } finally {
            reference.close();
            if (statistics != null) {
                statistics.close();
            }
            replicas.close();
            super.close();
        }
    }
}
