package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.comm.Communicator;
import org.parle.djl.monitor.Observed;
import org.parle.djl.random.Seeds;
import org.parle.djl.vector.GradientMode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
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
public final class ReplicaTrainer extends Trainer implements Observed {

    private final World world;
    private final TrainerHooks hooks;
    private final EpochVote vote;
    private final LocalReplicas replicas;
    private final ModelReference reference;
    private final TrainingInputs inputs;
    private final TrainingSide training;
    private final Thread owner = Thread.currentThread();
    private final Integer seed;
    private final Stopwatch stopwatch = new Stopwatch();
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
        training = new TrainingSide(model.getBlock(), getManager(), getDevices(), replicas);
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
        NDList output =
                frugally(
                        () -> getModel().getBlock().forward(training.store(input), input, true),
                        input);
        addMetric("forward", begin);
        return output;
    }

    /** {@inheritDoc} */
    @Override
    public NDList forward(NDList data, NDList labels) {
        prepareForward(data);
        long begin = System.nanoTime();
        NDList output =
                frugally(
                        () ->
                                getModel()
                                        .getBlock()
                                        .forward(training.store(data), data, labels, null),
                        data,
                        labels);
        addMetric("forward", begin);
        return output;
    }

    private void prepareForward(NDList input) {
        stopwatch.forward();
        guarded(
                () -> {
                    vote.goOn();
                    layOut();
                    showTraining();
                    if (seed != null && seededStep != replicas.steps()) {
                        seededStep = replicas.steps();
                        JniUtils.setSeed(Seeds.mix(seed, replicas.firstRank(), replicas.steps()));
                    }
                    if (reference.hasStatistics() && training.isFirst(input)) {
                        inputs.add(input);
                    }
                    return null;
                });
    }

    /**
     * What is drawn between steps, by the data or for statistics, is a function of the step too,
     * but not of the same seed as what the next forward pass draws.
     */
    private void reseed() {
        if (seed != null) {
            JniUtils.setSeed(Seeds.mix(~seed, replicas.firstRank(), replicas.steps()));
        }
    }

    /** Puts this replica's own values back into modules that keep one set of tensors only. */
    private void showTraining() {
        if (showing) {
            showing = false;
            GradientMode.off(training::show);
        }
    }

    private void layOut() {
        if (!training.isUpToDate()) {
            GradientMode.off(
                    () -> {
                        if (training.laidOut() != null) {
                            takeReference();
                        }
                        reference.layOut(training.layOut());
                        stale = true;
                    });
        }
    }

    /** {@inheritDoc} */
    @Override
    public void step() {
        long begin = System.nanoTime();
        stopwatch.stepBegins();
        try {
            guarded(
                    () -> {
                        if (training.laidOut() == null) {
                            throw new IllegalStateException(
                                    "step() before any forward and backward");
                        }
                        stale = true;
                        replicas.step(false, hooks.updatesPerEpoch());
                        return null;
                    });
        } catch (ReplicasStoppedException e) {
            Checkpoints.notify(this, resumable(), true);
            throw e;
        }
        addMetric("step", begin);
        reseed();
        stopwatch.stepEnds();
        Checkpoints.notify(this, resumable(), false);
    }

    /** {@inheritDoc} */
    @Override
    public NDList evaluate(NDList input) {
        stopwatch.leave();
        return guarded(
                () -> {
                    refresh();
                    show();
                    return GradientMode.off(() -> frugally(() -> evaluateReference(input), input));
                });
    }

    /**
     * Evaluates with a replica's own weights, where {@link #evaluate} does with the reference. Not
     * collective.
     *
     * @param input on the device of the replica that is meant
     * @return the block's output
     */
    public NDList evaluateOwn(NDList input) {
        stopwatch.leave();
        return guarded(
                () -> {
                    layOut();
                    showTraining();
                    ParameterStore store = training.store(input);
                    return GradientMode.off(
                            () ->
                                    frugally(
                                            () ->
                                                    getModel()
                                                            .getBlock()
                                                            .forward(store, input, false, null),
                                            input));
                });
    }

    private NDList evaluateReference(NDList input) {
        NDArray head = input.head();
        NDManager manager = head.getManager().newSubManager(head.getDevice());
        ParameterStore store = new ParameterStore(manager, false);
        return getModel().getBlock().forward(store, input, false, null);
    }

    /**
     * Lets go of what is between input and output at once, and not with the batch: what the
     * backward pass needs PyTorch keeps itself, and a replica that waits in its step should hold
     * little.
     */
    private static NDList frugally(Supplier<NDList> forward, NDList... inputs) {
        NDManager manager = inputs[0].head().getManager();
        try (NDManager pass = manager.newSubManager()) {
            for (NDList input : inputs) {
                pass.tempAttachAll(input);
            }
            NDList output = forward.get();
            output.attach(manager);
            return output;
        }
    }

    private void show() {
        if (!showing) {
            showing = true;
            GradientMode.off(
                    () -> {
                        training.hide();
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
            reseed();
            reference.refresh(replicas.reference(), training.statistics(), inputs, getDevices()[0]);
            reseed();
            reference.show();
        }
    }

    /** {@inheritDoc} */
    @Override
    public long getSteps() {
        return replicas.steps();
    }

    /** {@inheritDoc} */
    @Override
    public long getSynchronisations() {
        return replicas.synchronisations();
    }

    /**
     * {@inheritDoc}
     *
     * <p>They are the learning rate, and of the first of this trainer's replicas the bytes sent and
     * received so far, as its communicators count them, and the bytes of its messages to one
     * receiver. And where this thread's time has gone, in seconds: loading data, gradients (forward
     * and backward passes), updating (the local step, and computing what is sent), compressing
     * (packing and unpacking messages), and waiting for others or for a core.
     */
    @Override
    public Map<String, Double> measurements() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("learningRate", replicas.learningRate());
        all.put("bytesSent", (double) replicas.bytesSent());
        all.put("bytesReceived", (double) replicas.bytesReceived());
        all.put("messageBytes", (double) getMessageBytes());
        all.putAll(stopwatch.seconds());
        return all;
    }

    /**
     * Returns how long the newest step's message to one receiver was: to each neighbour on a graph,
     * or with compressed means to each other replica. An all-reduce is no message.
     *
     * @return bits, before rounding up to bytes; 0 where that step sent none
     */
    public long getMessageBits() {
        return replicas.messageBits();
    }

    /**
     * Returns what a replica has sent to each receiver so far, as {@link #getMessageBits} counts
     * it. For what it sent in all see {@link Communicator#bytesSent}.
     *
     * @return bytes of all steps together
     */
    public long getMessageBytes() {
        return replicas.messageBytes();
    }

    /**
     * Returns how far replicas are from one another: the mean over all replicas i of &Vert;x_i
     * &minus; x&#772;&Vert;, x&#772; the mean of all x_i. Collective.
     *
     * @return 0 where all are equal
     */
    public double getConsensusDistance() {
        return guarded(
                () -> {
                    layOut();
                    return replicas.consensusDistance();
                });
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

    /** Returns this trainer as checkpoints see it. */
    Resumable resumable() {
        return new Resumable() {
            @Override
            public World world() {
                return world;
            }

            @Override
            public LocalReplicas replicas() {
                return replicas;
            }

            @Override
            public TrainingInputs inputs() {
                return inputs;
            }

            @Override
            public NDManager manager() {
                return getManager();
            }

            @Override
            public Map<String, NDArray> others() {
                layOut();
                showTraining();
                return training.others();
            }

            @Override
            public void resumed(OptionalInt updatesPerEpoch) {
                hooks.resumed(updatesPerEpoch);
                replicas.resumed(updatesPerEpoch);
                training.hide();
                stale = true;
                reseed();
            }

            @Override
            public void guarded(Runnable work) {
                ReplicaTrainer.this.guarded(
                        () -> {
                            work.run();
                            return null;
                        });
            }
        };
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
        // DJL's finalizer may close a trainer that nobody closed: the others do not wait for that
        boolean together = !failed && training.laidOut() != null && onOwnThread();
        try {
            if (together) {
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
            training.close();
            super.close();
        }
    }

    private boolean onOwnThread() {
        return Thread.currentThread().equals(owner);
    }
}
