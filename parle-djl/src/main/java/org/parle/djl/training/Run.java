package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.job.TrainerGroup;
import org.parle.djl.job.World;
import org.parle.djl.random.Seeds;
import org.parle.djl.vector.StepMemory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * One trainer's run, the same behind both doors: the replicas that it trains, the reference, and
 * what belongs to them. It lays out, steps, brings the model up to the reference, fails and closes;
 * a {@link Side} knows where the trained arrays are.
 *
 * <p>Collective, so called by all bodies alike: {@link #beforeForward}, {@link #step} and
 * {@link #close}. Used by its body's thread only.
 */
public final class Run {

    /** Hears of every step. */
    @FunctionalInterface
    public interface AfterStep {

        /**
         * A step was taken. Collective.
         *
         * @param last whether the run is stopped after it
         */
        void taken(boolean last);
    }

    private static final Map<Trainer, Run> RUNS = Collections.synchronizedMap(new WeakHashMap<>());

    private final World world;
    private final Settings settings;
    private final NDManager manager;
    private final Side side;
    private final TrainerGroup group;
    private final Agreement agreement;
    private final LocalReplicas replicas;
    private final TrainedModel model;
    private final StepMemory memory;
    private final Integer seed;
    private final Stopwatch stopwatch = new Stopwatch();
    private final List<AfterStep> afterStep = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private OptionalInt updatesPerEpoch = OptionalInt.empty();
    private boolean failed;
    private boolean closed;
    private long seededStep = -1;

    /**
     * Begins a run.
     *
     * @param world where its body stands
     * @param settings of its optimizer
     * @param block what is trained
     * @param manager the trainer's
     * @param devices the trainer's
     * @param side where the trained arrays are
     */
    public Run(
            World world,
            Settings settings,
            Block block,
            NDManager manager,
            Device[] devices,
            Side side) {
        this.world = world;
        this.settings = settings;
        this.manager = manager;
        this.side = side;
        int each = settings.devicesPerReplica();
        if (devices.length % each != 0) {
            throw new IllegalArgumentException(
                    each + " devices per replica do not divide the trainer's " + devices.length);
        }
        group = world.replicas(devices.length / each);
        agreement = new Agreement(world.bodies(), world.isSpread());
        replicas = new LocalReplicas(world, settings, manager, group.communicators());
        memory = StepMemory.below(manager);
        boolean alone = world.bodiesHere() == 1 && replicas.count() == 1;
        Integer set = world.seed() != null ? world.seed() : manager.getEngine().getSeed();
        seed = alone ? set : null;
        model =
                new TrainedModel(
                        block,
                        manager,
                        devices,
                        side,
                        replicas,
                        world.bodies(),
                        settings.batchNormBatches(),
                        this::reseed);
    }

    /**
     * Has {@link #of} find this run.
     *
     * @param trainer its trainer
     * @return this
     */
    public Run in(Trainer trainer) {
        RUNS.put(trainer, this);
        return this;
    }

    /**
     * Returns a trainer's run.
     *
     * @param trainer any
     * @return null if it couples no replicas
     */
    public static Run of(Trainer trainer) {
        return RUNS.get(trainer);
    }

    /**
     * Has something done after every step.
     *
     * @param listener that hears of it
     */
    public void afterStep(AfterStep listener) {
        afterStep.add(listener);
    }

    /**
     * Prepares for a forward pass that trains.
     *
     * @param input of the pass
     */
    public void beforeForward(NDList input) {
        stopwatch.forward();
        guarded(
                () -> {
                    goOn();
                    model.layOut();
                    model.showTraining();
                    if (seed != null && seededStep != replicas.steps()) {
                        seededStep = replicas.steps();
                        JniUtils.setSeed(Seeds.mix(seed, replicas.firstRank(), replicas.steps()));
                    }
                    model.keep(input);
                });
    }

    /** Says that this body goes on, if an epoch has ended. */
    public void goOn() {
        group.begin(replicas.steps() + 1);
        agreement.goOn();
    }

    /**
     * Takes a step with the gradients that the vectors have, or with others.
     *
     * @param gathered for each device, left to the caller; null for the vectors' own
     * @return whether the run is stopped after it
     */
    public boolean step(List<NDArray> gathered) {
        stopwatch.stepBegins();
        return guarded(
                () -> {
                    if (!model.isLaidOut()) {
                        throw new IllegalStateException("step() before any forward and backward");
                    }
                    group.begin(replicas.steps() + 1);
                    model.changed();
                    replicas.step(gathered, side::separate, updatesPerEpoch);
                    // both must be asked
                    boolean last = world.stepDone();
                    return agreement.stepDone(replicas.steps(), world.isStopping()) || last;
                });
    }

    /**
     * Does what is done after a step.
     *
     * @param last whether the run is stopped after it
     */
    public void stepTaken(boolean last) {
        memory.release();
        reseed();
        stopwatch.stepEnds();
        afterStep.forEach(listener -> guarded(() -> listener.taken(last)));
    }

    /**
     * What is drawn between steps, by the data or for statistics, is a function of the step too.
     */
    private void reseed() {
        if (seed != null) {
            int between = side.between(seed);
            JniUtils.setSeed(Seeds.mix(between, replicas.firstRank(), replicas.steps()));
        }
    }

    /** Notes the end of an epoch, and brings the model up to the reference. */
    public void epoch() {
        agreement.epoch();
        guarded(model::refresh);
    }

    /**
     * Takes B as the first batch tells; one that a resumed run brought stays.
     *
     * @param updates the steps of an epoch
     */
    public void updatesPerEpoch(OptionalInt updates) {
        if (updatesPerEpoch.isEmpty()) {
            updatesPerEpoch = updates;
        }
    }

    /**
     * Does something whose failure here ends the waits of all others at once.
     *
     * @param work to do
     * @param <T> what it brings
     * @return what it brought
     */
    public <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (EarlyStoppedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failed = true;
            world.fail(e);
            throw e;
        }
    }

    /**
     * Does something whose failure here ends the waits of all others at once.
     *
     * @param work to do
     */
    public void guarded(Runnable work) {
        guarded(
                () -> {
                    work.run();
                    return null;
                });
    }

    /** Goes on from values that were put in place. */
    void resumed(OptionalInt updates) {
        updatesPerEpoch = updates;
        replicas.resumed(updates);
        model.resumed();
        reseed();
    }

    World world() {
        return world;
    }

    Settings settings() {
        return settings;
    }

    NDManager manager() {
        return manager;
    }

    /**
     * Returns what is trained.
     *
     * @return the block, and what it shows
     */
    public TrainedModel model() {
        return model;
    }

    /**
     * Returns the replicas that this run trains.
     *
     * @return the same ones throughout
     */
    public LocalReplicas replicas() {
        return replicas;
    }

    /**
     * Returns what holds Java's memory until a step is over.
     *
     * @return the trainer's
     */
    public StepMemory memory() {
        return memory;
    }

    /**
     * Returns where time goes.
     *
     * @return this body's stopwatch
     */
    public Stopwatch stopwatch() {
        return stopwatch;
    }

    /**
     * Ends the run; the model keeps the reference. Not collective where the run has failed, or if
     * DJL's finalizer closes a trainer that nobody closed. Calling it again does nothing.
     */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!failed && model.isLaidOut() && Thread.currentThread().equals(owner)) {
                guarded(this::end);
            }
        } finally {
            free();
        }
    }

    private void end() {
        if (!agreement.isDue()) {
            group.closing(replicas.steps());
        }
        agreement.end(replicas.steps());
        model.end();
    }

    private void free() {
        if (replicas.stopWorking()) {
            model.free();
        }
        group.close();
        memory.close();
    }
}
