package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

import org.parle.djl.comm.Communicator;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.Vectors;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The one model that comes out: the arrays that the model itself holds, and saves. They are not
 * those that a replica trains, but where TorchScript has one set only.
 */
final class ModelReference implements AutoCloseable {

    private final Block block;
    private final NDManager manager;
    private final Communicator bodies;
    private FlatModel weights;
    private FlatModel statistics;

    ModelReference(Block block, NDManager manager, Communicator bodies) {
        this.block = block;
        this.manager = manager;
        this.bodies = bodies;
    }

    /** Lays the model's own arrays out, at first or anew. */
    void layOut(BlockParameters parameters) {
        FlatModel before = weights;
        weights =
                new FlatModel(
                        manager,
                        parameters.names(),
                        parameters.trainedArrays(Parameter::getArray),
                        parameters.copied());
        if (before != null) {
            before.close(Set.copyOf(parameters.names()));
        }
        if (statistics == null) {
            statistics = statistics(manager, parameters, Parameter::getArray);
        }
    }

    /** Lays statistics out, where there are any. */
    static FlatModel statistics(
            NDManager manager, BlockParameters parameters, Function<Parameter, NDArray> array) {
        if (parameters.statistics().isEmpty()) {
            return null;
        }
        return new FlatModel(
                manager,
                List.copyOf(parameters.statistics().keySet()),
                parameters.statisticArrays(array),
                parameters.copied());
    }

    boolean hasStatistics() {
        return statistics != null;
    }

    /**
     * Takes the reference in, with statistics of its own: at first the mean of the replicas', then
     * re-estimated by a pass over training inputs that changes nothing else. Collective.
     *
     * @param reference x
     * @param own the statistics that this body's replica has trained with, null for none
     * @param inputs the inputs to re-estimate on
     * @param device where they are
     */
    void refresh(NDArray reference, FlatModel own, TrainingInputs inputs, Device device) {
        GradientMode.off(
                () -> {
                    try (NDArray here = reference.toDevice(weights.vector().getDevice(), true)) {
                        Vectors.copy(here, weights.vector());
                    }
                    if (own != null && statistics != null) {
                        Vectors.copy(own.vector(), statistics.vector());
                        bodies.allReduceMean(statistics.vector()).await();
                        show();
                        estimate(inputs, device);
                        statistics.pull();
                        bodies.allReduceMean(statistics.vector()).await();
                    }
                });
    }

    private void estimate(TrainingInputs inputs, Device device) {
        for (NDList input : inputs.newest()) {
            try (NDManager pass = manager.newSubManager(device)) {
                pass.tempAttachAll(input);
                block.forward(new ParameterStore(pass, false), input, true);
            }
        }
    }

    /** Puts the reference into modules that keep one set of tensors only. */
    void show() {
        weights.push();
        if (statistics != null) {
            statistics.push();
        }
    }

    @Override
    public void close() {
        GradientMode.off(
                () -> {
                    if (weights != null) {
                        weights.close();
                    }
                    if (statistics != null) {
                        statistics.close();
                    }
                });
    }
}
