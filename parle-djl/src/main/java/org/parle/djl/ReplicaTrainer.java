package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;

import org.parle.djl.algorithm.Algorithm;
import org.parle.djl.comm.Communicator;
import org.parle.djl.job.World;
import org.parle.djl.monitor.Observed;
import org.parle.djl.training.ConsensusDistance;
import org.parle.djl.training.OwnSide;
import org.parle.djl.training.Pass;
import org.parle.djl.training.Run;
import org.parle.djl.training.RunListener;
import org.parle.djl.training.Runs;
import org.parle.djl.training.Settings;
import org.parle.djl.training.ThreadGradientCollector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

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

    private final Run run;
    private final OwnSide side;

    ReplicaTrainer(
            World world,
            Model model,
            TrainingConfig config,
            Settings settings,
            RunListener listener) {
        super(model, config);
        side = new OwnSide(model.getBlock(), getManager(), getDevices());
        run = new Run(world, settings, model.getBlock(), getManager(), getDevices(), side);
        Runs.put(this, run);
        listener.attach(run);
        notifyListeners(one -> Checkpoints.bind(one, run));
    }

    /** {@inheritDoc} */
    @Override
    public void initialize(Shape... shapes) {
        Model model = getModel();
        NDManager manager = model.getNDManager();
        run.guarded(() -> model.getBlock().initialize(manager, model.getDataType(), shapes));
    }

    /** {@inheritDoc} */
    @Override
    public GradientCollector newGradientCollector() {
        return new ThreadGradientCollector(run.memory());
    }

    /** {@inheritDoc} */
    @Override
    public NDList forward(NDList input) {
        return pass(block -> block.forward(side.store(input), input, true), input);
    }

    /** {@inheritDoc} */
    @Override
    public NDList forward(NDList data, NDList labels) {
        return pass(block -> block.forward(side.store(data), data, labels, null), data, labels);
    }

    private NDList pass(Function<Block, NDList> forward, NDList... inputs) {
        run.beforeForward(inputs[0]);
        long begin = System.nanoTime();
        Block block = getModel().getBlock();
        NDList output = run.guarded(() -> Pass.frugally(() -> forward.apply(block), inputs));
        addMetric("forward", begin);
        return output;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ReplicasStoppedException after the step, if {@link Replicas#stop} ends the run
     */
    @Override
    public void step() {
        long begin = System.nanoTime();
        boolean last = run.step(null);
        addMetric("step", begin);
        run.stepTaken(last);
        if (last) {
            throw new ReplicasStoppedException(getSteps());
        }
    }

    /** {@inheritDoc} */
    @Override
    public NDList evaluate(NDList input) {
        run.stopwatch().leave();
        run.memory().releaseIfIdle();
        return run.guarded(
                () -> {
                    run.model().refresh();
                    run.model().showReference();
                    ParameterStore store = run.model().reference(Pass.manager(input));
                    return Pass.evaluate(getModel().getBlock(), store, input);
                });
    }

    /**
     * Evaluates with a replica's own weights, not with the reference. Not collective.
     *
     * @param input on the device of the replica that is meant
     * @return the block's output
     */
    public NDList evaluateOwn(NDList input) {
        run.stopwatch().leave();
        run.memory().releaseIfIdle();
        return run.guarded(
                () -> {
                    run.model().layOut();
                    run.model().showTraining();
                    return Pass.evaluate(getModel().getBlock(), side.store(input), input);
                });
    }

    /** {@inheritDoc} */
    @Override
    public long getSteps() {
        return run.replicas().steps();
    }

    /** {@inheritDoc} */
    @Override
    public long getSynchronisations() {
        return counted(Algorithm::synchronisations);
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
        all.put("learningRate", run.replicas().learningRate());
        all.put("bytesSent", (double) run.replicas().communicator().bytesSent());
        all.put("bytesReceived", (double) run.replicas().communicator().bytesReceived());
        all.put("messageBytes", (double) getMessageBytes());
        all.putAll(run.stopwatch().seconds());
        return all;
    }

    /**
     * Returns how long the newest step's message to one receiver was: to each neighbour on a graph,
     * or with compressed means to each other replica. An all-reduce is no message.
     *
     * @return bits, before rounding up to bytes; 0 where that step sent none
     */
    public long getMessageBits() {
        return counted(Algorithm::messageBits);
    }

    /**
     * Returns what a replica has sent to each receiver so far, as {@link #getMessageBits} counts
     * it; {@link Communicator#bytesSent} is what it sent in all.
     *
     * @return bytes of all steps
     */
    public long getMessageBytes() {
        return counted(Algorithm::messageBytes);
    }

    /**
     * Returns how far replicas are from one another. Collective.
     *
     * @return the mean over all replicas i of &Vert;x_i &minus; x&#772;&Vert;, x&#772; that of x_i
     */
    public double getConsensusDistance() {
        return run.guarded(
                () -> {
                    run.model().layOut();
                    return ConsensusDistance.of(run.replicas());
                });
    }

    /**
     * Returns a replica's own weights, as they are trained now.
     *
     * @param index which of this trainer's replicas, from 0
     * @return the flat vector itself, in the block's order; not to be changed
     */
    public NDArray getWeights(int index) {
        run.model().layOut();
        return run.replicas().weights().get(index).vector();
    }

    /**
     * Returns the reference. Collective.
     *
     * @return the flat vector itself, valid until the next step; not to be changed
     */
    public NDArray getReference() {
        return run.guarded(
                () -> {
                    run.model().layOut();
                    return run.replicas().reference();
                });
    }

    private long counted(Function<Algorithm, Long> counter) {
        return run.replicas().algorithms().stream().findFirst().map(counter).orElse(0L);
    }

    /** {@inheritDoc} */
    @Override
    public void close() {
        try {
            run.close();
        } finally {
            super.close();
        }
    }
}
