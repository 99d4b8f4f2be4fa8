package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

import org.parle.djl.job.World;
import org.parle.djl.vector.GradientMode;

import java.util.Map;
import java.util.Set;

/**
 * The block of a run: what of it is trained, which may change, and what it shows, the replica's own
 * values or the reference's.
 *
 * <p>Collective, so called by all bodies alike: {@link #layOut}, {@link #refresh}, {@link #others}
 * and {@link #end}. Used by its body's thread only.
 */
public final class TrainedModel {

    private final Side side;
    private final LocalReplicas replicas;
    private final ModelReference reference;
    private final TrainingInputs inputs;
    private final Device[] devices;
    private final Runnable reseed;
    private BlockParameters laidOut;
    private boolean stale = true;
    private boolean showing;

    TrainedModel(
            Block block,
            NDManager manager,
            Device[] devices,
            Side side,
            LocalReplicas replicas,
            World world,
            Settings settings,
            Runnable reseed) {
        this.side = side;
        this.replicas = replicas;
        this.devices = devices.clone();
        this.reseed = reseed;
        reference = new ModelReference(block, manager, devices, world.bodies());
        inputs = new TrainingInputs(settings.batchNormBatches(), manager);
        BlockParameters.prepareScripts(block);
        SameStart.arrange(block, world.bodies());
    }

    boolean isLaidOut() {
        return laidOut != null;
    }

    /** Notes whether the reference is another from now on. */
    void changed(boolean another) {
        stale |= another;
    }

    /**
     * Returns whether the block has batch-norm statistics, as far as is known.
     *
     * @return true once they are laid out
     */
    public boolean hasStatistics() {
        return reference.hasStatistics();
    }

    /** Keeps the inputs of a forward pass, if statistics will be estimated on them. */
    void keep(NDList input) {
        if (reference.hasStatistics() && input.head().getDevice().equals(devices[0])) {
            inputs.add(input);
        }
    }

    /**
     * Returns the newest inputs.
     *
     * @return those on which statistics are estimated
     */
    public TrainingInputs inputs() {
        return inputs;
    }

    /** Lays the vectors out, if the block's parameters have changed. */
    public void layOut() {
        BlockParameters now = side.due(laidOut);
        if (now != null) {
            GradientMode.off(
                    () -> {
                        if (laidOut != null) {
                            // what leaves the training must not lack it
                            stale |= replicas.catchUp();
                            takeReference();
                        }
                        replicas.layOut(now.names(), side.arrays(now), now.copied());
                        side.laidOut(now);
                        reference.layOut(now);
                        laidOut = now;
                        stale = true;
                    });
        }
    }

    /** Brings the model up to the reference, if steps were taken since. */
    public void refresh() {
        layOut();
        takeReference();
    }

    private void takeReference() {
        if (laidOut != null && stale) {
            stale = false;
            showReference();
            reseed.run();
            reference.refresh(replicas.reference(), side.statistics(), inputs);
            reseed.run();
            reference.show();
            if (!side.showsReference()) {
                showTraining();
            }
        }
    }

    /** Brings the model's own arrays up to the reference, too, wherever they are. */
    public void write() {
        refresh();
        if (laidOut != null) {
            reference.write();
        }
    }

    /**
     * Returns where the block finds the reference.
     *
     * @param pass the manager of one pass, on the input's device
     * @return the reference's values there
     */
    public ParameterStore reference(NDManager pass) {
        return reference.store(pass);
    }

    /** Puts the reference's values into modules that keep one set of tensors only. */
    public void showReference() {
        if (!showing) {
            showing = true;
            GradientMode.off(
                    () -> {
                        keepStatistics();
                        reference.show();
                    });
        }
    }

    /** Keeps what such modules have made of the statistics, before others are put there. */
    private void keepStatistics() {
        if (side.statistics() != null) {
            side.statistics().pull();
        }
    }

    /** Puts the replica's own values back into such modules. */
    public void showTraining() {
        if (showing) {
            showing = false;
            GradientMode.off(
                    () -> {
                        replicas.weights().forEach(ReplicaWeights::publish);
                        if (side.statistics() != null) {
                            side.statistics().push();
                        }
                    });
        }
    }

    /** Lays out before the first batch, and returns what is not trained, live, by name. */
    Map<String, NDArray> others() {
        side.expect();
        layOut();
        showTraining();
        return side.others(laidOut);
    }

    /** Goes on from values that were put in place. */
    void resumed() {
        keepStatistics();
        stale = true;
    }

    /** Leaves the reference in the model. */
    void end() {
        stale |= replicas.finish();
        refresh();
        if (side.endsWithReference()) {
            NDArray x = replicas.reference();
            Set<String> all = Set.copyOf(laidOut.names());
            GradientMode.off(
                    () -> {
                        replicas.weights().forEach(one -> one.settle(x, all));
                        reference.giveStatistics(side.statistics());
                    });
        }
        reference.write();
        GradientMode.off(reference::show);
    }

    /** Frees the vectors, but for those that a stuck thread still uses. */
    void free() {
        if (replicas.close()) {
            reference.close();
            side.close();
        }
    }
}
