package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

import org.parle.djl.vector.FlatModel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The side of a trainer of ours: copies of the model's parameters on each of its devices. The
 * model's own arrays are the reference's.
 */
public final class OwnSide implements Side {

    private final Block block;
    private final NDManager manager;
    private final Device[] devices;
    private final Map<Device, ParameterStore> stores = new HashMap<>();
    private FlatModel statistics;

    /**
     * Creates it; nothing is laid out yet.
     *
     * @param block what is trained
     * @param manager the trainer's
     * @param devices the trainer's
     */
    public OwnSide(Block block, NDManager manager, Device[] devices) {
        this.block = block;
        this.manager = manager;
        this.devices = devices;
        for (Device device : devices) {
            stores.put(device, new DeviceParameters(manager.newSubManager(device), true));
        }
    }

    /**
     * Returns where the block finds its parameters.
     *
     * @param input of a forward pass
     * @return the copies on its device
     * @throws IllegalArgumentException if it is on none of the trainer's devices
     */
    public ParameterStore store(NDList input) {
        Device device = input.head().getDevice();
        ParameterStore store = stores.get(device);
        if (store == null) {
            throw new IllegalArgumentException(
                    "the input is on "
                            + device
                            + ", the trainer's devices are "
                            + Arrays.toString(devices)
                            + ": split the batch over them, as EasyTrain does");
        }
        return store;
    }

    @Override
    public BlockParameters due(BlockParameters laidOut) {
        return laidOut != null && laidOut.unchanged() ? null : BlockParameters.of(block);
    }

    @Override
    public void expect() {}

    @Override
    public List<List<NDArray>> arrays(BlockParameters now) {
        List<List<NDArray>> arrays = new ArrayList<>();
        for (Device device : devices) {
            arrays.add(now.trainedArrays(parameter -> array(parameter, now, device)));
        }
        arrays.forEach(list -> list.forEach(array -> array.setRequiresGradient(true)));
        return arrays;
    }

    @Override
    public void laidOut(BlockParameters now) {
        if (statistics == null) {
            statistics =
                    now.flatStatistics(manager, parameter -> array(parameter, now, devices[0]));
        }
    }

    @Override
    public void separate(List<NDArray> gradients) {}

    @Override
    public FlatModel statistics() {
        return statistics;
    }

    @Override
    public Map<String, NDArray> others(BlockParameters laidOut) {
        Map<String, NDArray> others = new LinkedHashMap<>();
        for (int i = 0; i < devices.length; i++) {
            Device device = devices[i];
            String prefix = i + ".";
            BiConsumer<String, Parameter> put =
                    (name, parameter) ->
                            others.put(prefix + name, array(parameter, laidOut, device));
            laidOut.statistics().forEach(put);
            laidOut.frozen().forEach(put);
        }
        return others;
    }

    private NDArray array(Parameter parameter, BlockParameters now, Device device) {
        return now.inScript(parameter)
                ? parameter.getArray()
                : stores.get(device).getValue(parameter, device, true);
    }

    /** What the data draws is then no continuation of what the step before has drawn. */
    @Override
    public int between(int seed) {
        return ~seed;
    }

    @Override
    public boolean showsReference() {
        return true;
    }

    @Override
    public boolean endsWithReference() {
        return false;
    }

    @Override
    public void close() {
        if (statistics != null) {
            statistics.close();
        }
    }
}
