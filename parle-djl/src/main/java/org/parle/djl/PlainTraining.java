package org.parle.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;

import org.parle.djl.random.Seeds;
import org.parle.djl.vector.FlatGradient;
import org.parle.djl.vector.FlatModel;
import org.parle.djl.vector.GradientMode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an optimizer does inside DJL's own trainer, from what it hears there: one {@code update} for
 * each parameter and device, and a listener's calls.
 *
 * <p>DJL's parameter server has added all devices' gradients to the first one's by then, while the
 * others' are still their own.
 */
final class PlainTraining {

    static final String NO_EXECUTOR =
            "leave optExecutorService out of the training config: with several devices DJL does not"
                    + " wait for its threads (DJL issue 2459)";

    private final Trainer trainer;
    private final World world;
    private final LocalReplicas replicas;
    private final ModelReference reference;
    private final TrainingInputs inputs;
    private final EpochVote vote;
    private final Integer seed;
    private final Updates updates;
    private BlockParameters laidOut;
    private BlockParameters current;
    private FlatModel statistics;
    private OptionalInt updatesPerEpoch = OptionalInt.empty();
    private boolean lastOfEpoch;
    private boolean stale;

    PlainTraining(ReplicaOptimizer optimizer, Trainer trainer) {
        this.trainer = trainer;
        world = World.current();
        int devices = trainer.getDevices().length;
        if (world.bodiesHere() > 1) {
            throw new IllegalStateException(
                    "replicas on threads of one JVM need replica.newTrainer(model, config) instead"
                            + " of model.newTrainer(config): DJL's own collects gradients on one"
                            + " thread only");
        }
        if (devices > 1 && trainer.getExecutorService().isPresent()) {
            throw new IllegalArgumentException(NO_EXECUTOR);
        }
        Gpus.require(trainer.getManager().getEngine(), trainer.getDevices());
        updates = new Updates(trainer.getDevices());
        replicas = new LocalReplicas(world, optimizer, trainer.getManager(), devices);
        Model model = trainer.getModel();
        reference = new ModelReference(model.getBlock(), trainer.getManager(), world.bodies());
        int batches = optimizer.settings().batchNormBatches();
        inputs = new TrainingInputs(batches, trainer.getManager());
        vote = new EpochVote(world.bodies());
        Integer engineSeed = trainer.getManager().getEngine().getSeed();
        seed = replicas.count() > 1 ? null : world.seed() != null ? world.seed() : engineSeed;
        BlockParameters.prepareScripts(model.getBlock());
        SameStart.arrange(model.getBlock(), world.bodies());
    }

    /** Hears of a batch after its backward pass and before its step. */
    void batch(Batch batch) {
        vote.goOn();
        if (updatesPerEpoch.isEmpty()) {
            updatesPerEpoch = TrainerHooks.updatesPerEpoch(batch);
        }
        lastOfEpoch = batch.getProgress() + batch.getSize() >= batch.getProgressTotal();
        boolean here = batch.getData().head().getDevice().equals(trainer.getDevices()[0]);
        if (here && (laidOut == null || reference.hasStatistics())) {
            inputs.add(batch.getData());
        }
        updates.requireGradients();
    }

    /** Hears of one parameter on one device; the last of them makes the step. */
    void update(String id, NDArray weight) {
        if (updates.isStepBegin()) {
            current =
                    laidOut != null && laidOut.unchanged()
                            ? laidOut
                            : BlockParameters.of(trainer.getModel().getBlock());
        }
        if (updates.add(id, weight, current.trained().size())) {
            try {
                step();
            } catch (ReplicasStoppedException e) {
                Checkpoints.notify(trainer, resumable(), true);
                throw e;
            }
        }
    }

    private void step() {
        boolean firstIsSum = trainer.getDevices().length > 1;
        if (laidOut != null && laidOut.unchanged()) {
            replicas.step(firstIsSum, updatesPerEpoch);
        } else {
            List<List<NDArray>> byDevice = byDevice();
            List<NDArray> gradients =
                    GradientMode.off(() -> byDevice.stream().map(FlatGradient::gather).toList());
            layOut(byDevice);
            replicas.step(gradients, firstIsSum, updatesPerEpoch);
            gradients.forEach(NDArray::close);
        }
        stale = true;
        reseed();
        Checkpoints.notify(trainer, resumable(), false);
        if (lastOfEpoch) {
            refresh();
        }
    }

    /** What is drawn from here on is a function of the step, whatever was drawn before. */
    private void reseed() {
        if (seed != null) {
            JniUtils.setSeed(Seeds.mix(seed, replicas.firstRank(), replicas.steps()));
        }
    }

    private List<List<NDArray>> byDevice() {
        List<List<NDArray>> byDevice = new ArrayList<>();
        for (int i = 0; i < trainer.getDevices().length; i++) {
            int device = i;
            byDevice.add(current.trainedArrays(p -> updates.array(p.getId(), device)));
        }
        return byDevice;
    }

    private void layOut(List<List<NDArray>> byDevice) {
        GradientMode.off(
                () -> {
                    refresh();
                    if (laidOut == null) {
                        statistics =
                                ModelReference.statistics(
                                        trainer.getManager(), current, Parameter::getArray);
                    }
                    replicas.layOut(current.names(), byDevice, current.copied());
                    current.trained().values().forEach(p -> part(p, byDevice));
                    if (laidOut == null) {
                        current.statistics().values().forEach(p -> part(p, null));
                    }
                    reference.layOut(current);
                    laidOut = current;
                });
    }

    /** Gives the model an array of its own where it holds the very array that is trained. */
    private void part(Parameter parameter, List<List<NDArray>> byDevice) {
        boolean mine = byDevice != null && !isTrained(parameter, byDevice);
        if (mine || current.inScript(parameter)) {
            return;
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            parameter.save(new DataOutputStream(bytes));
            parameter.load(
                    trainer.getModel().getNDManager(),
                    new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException | MalformedModelException e) {
            throw new UncheckedIOException(new IOException("parameter " + parameter.getName(), e));
        }
    }

    private static boolean isTrained(Parameter parameter, List<List<NDArray>> byDevice) {
        NDArray array = parameter.getArray();
        return byDevice.stream()
                .anyMatch(device -> device.stream().anyMatch(trained -> trained == array));
    }

    /** Brings the model up to the reference, where steps were taken since. Collective. */
    private void refresh() {
        if (stale) {
            stale = false;
            if (statistics != null) {
                statistics.pull();
            }
            reseed();
            reference.refresh(replicas.reference(), statistics, inputs, trainer.getDevices()[0]);
            reseed();
            // a TorchScript module has one set of tensors: training goes on with them
            replicas.weights().forEach(ReplicaWeights::publish);
            if (statistics != null) {
                statistics.push();
            }
        }
    }

    /** Lays out before the first batch: the model still holds the arrays that will be trained. */
    private void layOutEarly() {
        Block block = trainer.getModel().getBlock();
        current = BlockParameters.of(block);
        boolean elsewhere =
                current.trained().values().stream()
                        .anyMatch(p -> !p.getArray().getDevice().equals(trainer.getDevices()[0]));
        if (trainer.getDevices().length > 1 || elsewhere) {
            throw new IllegalStateException(
                    "DJL's own trainer can be resumed on one device, the model's: take"
                            + " replica.newTrainer for others");
        }
        current.trained().values().forEach(p -> updates.expect(p.getId(), p.getArray()));
        layOut(List.of(current.trainedArrays(Parameter::getArray)));
    }

    /** Returns what is not trained, as the training has it, live, by name. */
    private Map<String, NDArray> others() {
        Map<String, NDArray> others = new LinkedHashMap<>();
        if (statistics != null) {
            for (int i = 0; i < statistics.arrays().size(); i++) {
                others.put("0." + statistics.layout().names().get(i), statistics.arrays().get(i));
            }
        }
        laidOut.frozen().forEach((name, p) -> others.put("0." + name, p.getArray()));
        return others;
    }

    /** Returns this training as checkpoints see it. */
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
                return trainer.getManager();
            }

            @Override
            public Map<String, NDArray> others() {
                if (laidOut == null) {
                    layOutEarly();
                }
                return PlainTraining.this.others();
            }

            @Override
            public void resumed(OptionalInt known) {
                updatesPerEpoch = known;
                replicas.resumed(known);
                if (statistics != null) {
                    statistics.pull();
                }
                stale = true;
                reseed();
            }

            @Override
            public void guarded(Runnable work) {
                work.run();
            }
        };
    }

    void epoch() {
        vote.epoch();
        refresh();
    }

    void end() {
        if (laidOut != null) {
            vote.end();
            refresh();
            GradientMode.off(
                    () -> {
                        NDArray x = replicas.reference();
                        replicas.weights().forEach(replica -> replica.settle(x, allNames()));
                        reference.show();
                    });
            reference.close();
            if (statistics != null) {
                statistics.close();
            }
            replicas.close();
        }
    }

    private Set<String> allNames() {
        return Set.copyOf(laidOut.names());
    }
}
