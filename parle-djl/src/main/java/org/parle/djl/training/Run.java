package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.job.TrainerGroup;
import org.parle.djl.job.World;
import org.parle.djl.schedule.Counting;
import org.parle.djl.vector.StepMemory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * One trainer's run, the same behind both doors: the replicas that it trains, the reference, and
 * what belongs to them. It lays out, steps, brings the model up to the reference, fails and closes;
 * a {@link Side} knows where the trained arrays are.
 *
 * <p>Collective, so called by all bodies alike: {@link #beforeForward}, {@link #step} and {@link
 * #close}. Used by its body's thread only.
 */
public final class Run {

    private final World world;
    private final Settings settings;
    private final NDManager manager;
    private final Side side;
    private final TrainerGroup group;
    private final Agreement agreement;
    private final LocalReplicas replicas;
    private final TrainedModel model;
    private final Sameness sameness;
    private final StepSeeds seeds;
    private final StepMemory memory;
    private final Stopwatch stopwatch = new Stopwatch();
    private final List<StepListener> afterStep = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private OptionalInt updatesPerEpoch = OptionalInt.empty();
    private boolean failed;
    private boolean closed;

    /**
     * Begins a run of a trainer, whose manager and devices these are.
     *
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
        int count = settings.replicas(devices);
        Terms.compareTrainers(world, settings, count);
        group = world.replicas(count);
        agreement = new Agreement(world.bodies(), world.isSpread());
        replicas = new LocalReplicas(world, settings, manager, group.communicators());
        sameness = new Sameness(world, devices);
        memory = StepMemory.below(manager);
        seeds = StepSeeds.of(world, manager.getEngine(), side, replicas);
        model =
                new TrainedModel(
                        block, manager, devices, side, replicas, world, settings, seeds::between);
        // last: what fails before leaves the tracker to another try
        Counting.take(settings.tracker());
    }

    /** Has something done after every step. */
    public void afterStep(StepListener listener) {
        afterStep.add(listener);
    }

    /** Prepares for a forward pass that trains on an input. */
    public void beforeForward(NDList input) {
        stopwatch.forward();
        guarded(
                () -> {
                    goOn();
                    model.layOut();
                    model.showTraining();
                    seeds.forward();
                    model.keep(input);
                });
    }

    /** Says that this body goes on, if an epoch has ended. */
    public void goOn() {
        group.begin(replicas.steps() + 1);
        if (agreement.goOn()) {
            model.changed(sameness.check(replicas));
        }
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
                    group.stepping(replicas.steps() + 1);
                    model.changed(true);
                    replicas.step(gathered, side::separate, updatesPerEpoch);
                    // both must be asked
                    boolean last = world.stepDone();
                    return agreement.stepDone(replicas, world.isStopping()) || last;
                });
    }

    /** Does what is done after a step, which may be the last. */
    public void stepTaken(boolean last) {
        memory.release();
        seeds.between();
        stopwatch.stepEnds();
        afterStep.forEach(listener -> guarded(() -> listener.taken(last)));
    }

    /** Looks whether all bodies still have in common what they must. Collective. */
    void check() {
        guarded(() -> model.changed(sameness.check(replicas)));
    }

    /** Notes the end of an epoch, and brings the user's model up to the reference. */
    public void epoch() {
        agreement.epoch();
        guarded(model::write);
    }

    /** Takes B as the first batch tells; one that a resumed run brought stays. */
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

    /** Does something whose failure here ends the waits of all others at once. */
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
        seeds.between();
    }

    /** Returns where this run's body stands. */
    public World world() {
        return world;
    }

    Settings settings() {
        return settings;
    }

    NDManager manager() {
        return manager;
    }

    /** Returns the block, and what it shows. */
    public TrainedModel model() {
        return model;
    }

    /** Returns the replicas that this run trains. */
    public LocalReplicas replicas() {
        return replicas;
    }

    /** Returns what holds Java's memory until a step is over. */
    public StepMemory memory() {
        return memory;
    }

    /** Returns where time goes. */
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
            model.free();
            group.close();
            memory.close();
        }
    }

    private void end() {
        if (!agreement.isDue()) {
            group.closing(replicas.steps());
        }
        agreement.end(replicas.steps());
        model.changed(sameness.checkVectors(replicas));
        model.end();
    }
}
