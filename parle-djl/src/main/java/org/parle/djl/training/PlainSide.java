package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;

import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.FlatGradient;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The side of DJL's own trainer: the arrays that it trains, as it shows them in its updates. The
 * model gets arrays of its own instead, for the reference.
 *
 * <p>DJL's parameter server has added all devices' gradients to the first one's by the time of an
 * update, while the others' are still their own.
 */
public final class PlainSide implements Side {

    private final Model model;
    private final NDManager manager;
    private final Device[] devices;
    private final DjlParameters parameters;
    private final Updates updates;
    private final List<NDArray> parted = new ArrayList<>();
    private BlockParameters laidOut;
    private BlockParameters current;
    private boolean due;
    private List<List<NDArray>> arrays = List.of();
    private FlatModel statistics;
    private FirstGradients firstGradients;

    /**
     * Creates it; nothing is laid out yet.
     *
     * @param trainer DJL's own
     */
    public PlainSide(Trainer trainer) {
        model = trainer.getModel();
        manager = trainer.getManager();
        devices = trainer.getDevices();
        parameters = new DjlParameters(trainer);
        updates = new Updates(devices);
    }

    /**
     * Returns whether a batch-norm statistic may have to be estimated from a batch.
     *
     * @param hasStatistics whether the block has any, as far as is known
     * @return whether to keep its inputs
     */
    public boolean wants(boolean hasStatistics) {
        return laidOut == null || hasStatistics;
    }

    /** Lets parameters have a gradient that were unfrozen since the last batch. */
    public void requireGradients() {
        updates.requireGradients();
    }

    /**
     * Takes an update of one parameter on one device.
     *
     * @param id DJL's id of the parameter
     * @param weight its array
     * @return whether it was the step's last
     */
    public boolean update(String id, NDArray weight) {
        if (updates.isStepBegin()) {
            due = laidOut == null || !laidOut.unchanged();
            current = due ? BlockParameters.of(model.getBlock()) : laidOut;
        }
        return updates.add(id, weight, current.trained().size());
    }

    /**
     * Gathers the gradients of a step before which there were no vectors for them.
     *
     * @return one for each device, the caller's; null if the vectors have them
     */
    public List<NDArray> gathered() {
        List<List<NDArray>> byDevice = due || firstGradients == null ? byDevice() : List.of();
        if (firstGradients == null) {
            firstGradients = new FirstGradients(model.getNDManager(), byDevice.get(0));
        }
        if (!due) {
            return null;
        }
        return GradientMode.off(() -> byDevice.stream().map(FlatGradient::gather).toList());
    }

    private List<List<NDArray>> byDevice() {
        List<List<NDArray>> byDevice = new ArrayList<>();
        for (int i = 0; i < devices.length; i++) {
            int device = i;
            byDevice.add(current.trainedArrays(p -> updates.array(p.getId(), device)));
        }
        return byDevice;
    }

    @Override
    public BlockParameters due(BlockParameters last) {
        return due ? current : null;
    }

    /** The model still holds the arrays that will be trained. */
    @Override
    public void expect() {
        if (laidOut != null) {
            return;
        }
        current = BlockParameters.of(model.getBlock());
        due = true;
        boolean elsewhere =
                current.trained().values().stream()
                        .anyMatch(p -> !p.getArray().getDevice().equals(devices[0]));
        if (devices.length > 1 || elsewhere) {
            throw new IllegalStateException(
                    "DJL's own trainer can be resumed on one device, the model's: take"
                            + " replica.newTrainer for others");
        }
        current.trained().values().forEach(p -> updates.expect(p.getId(), p.getArray()));
    }

    @Override
    public List<List<NDArray>> arrays(BlockParameters now) {
        if (laidOut == null) {
            statistics = now.flatStatistics(manager, parameters::onFirst);
        }
        arrays = byDevice();
        return arrays;
    }

    @Override
    public void laidOut(BlockParameters now) {
        now.trained().values().stream()
                .filter(this::isTrained)
                .forEach(parameter -> part(parameter, now));
        if (laidOut == null) {
            now.statistics().values().stream()
                    .filter(parameter -> parameter.getArray() == parameters.onFirst(parameter))
                    .forEach(parameter -> part(parameter, now));
        }
        laidOut = now;
        due = false;
    }

    private boolean isTrained(Parameter parameter) {
        NDArray array = parameter.getArray();
        return arrays.stream()
                .anyMatch(device -> device.stream().anyMatch(trained -> trained == array));
    }

    /** Gives the model an array of its own in place of the one that is trained. */
    private void part(Parameter parameter, BlockParameters now) {
        if (now.inScript(parameter)) {
            return;
        }
        NDArray trained = parameter.getArray();
        parameters.replace(parameter, DeviceDoor.near(trained, model.getNDManager()));
        parted.add(trained);
    }

    @Override
    public void separate(List<NDArray> gradients) {
        NDArray sum = gradients.get(0);
        gradients.stream().skip(1).forEach(own -> Gradients.add(-1, own, sum));
    }

    @Override
    public FlatModel statistics() {
        return statistics;
    }

    @Override
    public Map<String, NDArray> others(BlockParameters now) {
        Map<String, NDArray> others = new LinkedHashMap<>();
        if (statistics != null) {
            for (int i = 0; i < statistics.arrays().size(); i++) {
                others.put("0." + statistics.layout().names().get(i), statistics.arrays().get(i));
            }
        }
        now.frozen().forEach((name, p) -> others.put("0." + name, p.getArray()));
        return others;
    }

    @Override
    public int between(int seed) {
        return seed;
    }

    /** Validation sees what this trainer has trained. */
    @Override
    public boolean showsReference() {
        return false;
    }

    @Override
    public boolean endsWithReference() {
        return true;
    }

    /** The trained arrays belong to the model's manager, but to the model no longer. */
    @Override
    public void close() {
        if (statistics != null) {
            statistics.close();
        }
        parted.forEach(NDArray::close);
        parted.clear();
        if (firstGradients != null) {
            firstGradients.close();
        }
    }
}
