package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Pair;

import org.parle.djl.vector.FlatModel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A block's parameters as they are now, in the block's own order: those that are trained, and the
 * statistics of batch norm.
 *
 * @param trained by name
 * @param statistics by name
 * @param frozen the rest, by name
 * @param copied names of those that TorchScript keeps to itself
 * @param scriptIds ids of those that TorchScript keeps to itself
 */
public record BlockParameters(
        Map<String, Parameter> trained,
        Map<String, Parameter> statistics,
        Map<String, Parameter> frozen,
        Set<String> copied,
        Set<String> scriptIds) {

    /**
     * Reads a block.
     *
     * @param block an initialized one
     * @return its parameters as they are now
     */
    public static BlockParameters of(Block block) {
        Set<String> scriptIds = new HashSet<>();
        findScripts(block, scriptIds);
        Map<String, Parameter> trained = new LinkedHashMap<>();
        Map<String, Parameter> statistics = new LinkedHashMap<>();
        Map<String, Parameter> frozen = new LinkedHashMap<>();
        Set<String> copied = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            Parameter parameter = pair.getValue();
            boolean statistic =
                    parameter.getType() == Parameter.Type.RUNNING_MEAN
                            || parameter.getType() == Parameter.Type.RUNNING_VAR;
            if (parameter.isInitialized() && seen.add(parameter.getId())) {
                if (statistic) {
                    statistics.put(pair.getKey(), parameter);
                } else if (parameter.requiresGradient()) {
                    trained.put(pair.getKey(), parameter);
                } else {
                    frozen.put(pair.getKey(), parameter);
                }
                if (scriptIds.contains(parameter.getId())) {
                    copied.add(pair.getKey());
                }
            }
        }
        if (trained.isEmpty()) {
            throw new IllegalArgumentException(
                    "the block has no trainable parameters: all are frozen, or it was not"
                            + " initialized");
        }
        return new BlockParameters(trained, statistics, frozen, copied, scriptIds);
    }

    /**
     * Lets a TorchScript module be trained and evaluated in turn on this thread, which PyTorch's
     * graph optimizer fails at: it keeps the graph of training, where nothing may be recorded.
     */
    static void prepareScripts(Block block) {
        Set<String> ids = new HashSet<>();
        findScripts(block, ids);
        if (!ids.isEmpty() && System.getProperty("ai.djl.pytorch.graph_optimizer") == null) {
            JniUtils.setGraphExecutorOptimize(false);
        }
    }

    private static void findScripts(Block block, Set<String> ids) {
        if (block instanceof SymbolBlock) {
            block.getDirectParameters().values().forEach(parameter -> ids.add(parameter.getId()));
        }
        block.getChildren().values().forEach(child -> findScripts(child, ids));
    }

    /** Returns whether the same parameters are trained as when this was read. */
    boolean unchanged() {
        return trained.values().stream().allMatch(Parameter::requiresGradient)
                && frozen.values().stream().noneMatch(Parameter::requiresGradient);
    }

    boolean inScript(Parameter parameter) {
        return scriptIds.contains(parameter.getId());
    }

    List<String> names() {
        return new ArrayList<>(trained.keySet());
    }

    /** Returns one array for each trained parameter, in order. */
    List<NDArray> trainedArrays(Function<Parameter, NDArray> array) {
        return trained.values().stream().map(array).toList();
    }

    /** Returns one array for each statistic, in order. */
    private List<NDArray> statisticArrays(Function<Parameter, NDArray> array) {
        return statistics.values().stream().map(array).toList();
    }

    /**
     * Lays the statistics out as one vector.
     *
     * @param manager what the vector's manager is made from
     * @param array where each of them is
     * @return null if there are none
     */
    FlatModel flatStatistics(NDManager manager, Function<Parameter, NDArray> array) {
        return statistics.isEmpty()
                ? null
                : new FlatModel(
                        manager, List.copyOf(statistics.keySet()), statisticArrays(array), copied);
    }
}
