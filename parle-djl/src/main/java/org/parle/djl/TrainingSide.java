package org.parle.djl;

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
 * What a {@link ReplicaTrainer} trains: copies of the model's parameters on each of its devices,
 * and the batch-norm statistics that come with them. The model's own arrays are the reference's.
 */
final class TrainingSide implements AutoCloseable {

    private final Block block;
    private final NDManager manager;
    private final Device[] devices;
    private final LocalReplicas replicas;
    private final Map<Device, ParameterStore> stores = new HashMap<>();
    private BlockParameters laidOut;
    private FlatModel statistics;

    TrainingSide(Block block, NDManager manager, Device[] devices, LocalReplicas replicas) {
        this.block = block;
        this.manager = manager;
        this.devices = devices;
        this.replicas = replicas;
        for (Device device : devices) {
            stores.put(device, new ParameterStore(manager.newSubManager(device), true));
        }
    }

    /** Returns where the block finds its parameters for this input. */
    ParameterStore store(NDList input) {
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

    boolean isFirst(NDList input) {
        return input.head().getDevice().equals(devices[0]);
    }

    /** Returns the parameters that are laid out, null before the first time. */
    BlockParameters laidOut() {
        return laidOut;
    }

    boolean isUpToDate() {
        return laidOut != null && laidOut.unchanged();
    }

    /** Lays the vectors out, at first or anew. Collective. */
    BlockParameters layOut() {
        BlockParameters now = BlockParameters.of(block);
        List<List<NDArray>> arrays = new ArrayList<>();
        for (Device device : devices) {
            arrays.add(now.trainedArrays(parameter -> array(parameter, now, device)));
        }
        arrays.forEach(list -> list.forEach(array -> array.setRequiresGradient(true)));
        replicas.layOut(now.names(), arrays, now.copied());
        if (statistics == null) {
            statistics =
                    ModelReference.statistics(
                            manager, now, parameter -> array(parameter, now, devices[0]));
        }
        laidOut = now;
        return now;
    }

    /** Returns what is not trained, as the training has it, live, by name. */
    Map<String, NDArray> others() {
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

    /** Returns the statistics on the first device, null where the block has none. */
    FlatModel statistics() {
        return statistics;
    }

    /** Puts this side's values into modules that keep one set of tensors only. */
    void show() {
        replicas.weights().forEach(ReplicaWeights::publish);
        if (statistics != null) {
            statistics.push();
        }
    }

    /** Keeps what such modules have made of the statistics, before others are put there. */
    void hide() {
        if (statistics != null) {
            statistics.pull();
        }
    }

    @Override
    public void close() {
        if (statistics != null) {
            statistics.close();
        }
        replicas.close();
    }
}
