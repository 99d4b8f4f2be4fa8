package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.LocalParameterServer;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a plain trainer with several GPUs does: one array per replica, gradients added up. */
final class FixtureServer {

    private FixtureServer() {}

    static Trace follow(Reference.Run run, ReplicaOptimizer optimizer) {
        Trace trace = new Trace();
        try (Model model = LeastSquares.model(run.problem);
                SeveralDevices trainer =
                        new SeveralDevices(model, LeastSquares.config(optimizer), run.replicas);
                LocalParameterServer server = new LocalParameterServer(optimizer)) {
            optimizer.onTrainingBegin(trainer);
            trainer.initialize(LeastSquares.shapes(run.problem));
            List<Parameter> pieces = ((LeastSquares) model.getBlock()).pieces();
            List<NDArray[]> arrays = new ArrayList<>();
            for (Parameter piece : pieces) {
                NDArray[] copies = new NDArray[run.replicas];
                for (int a = 0; a < run.replicas; a++) {
                    copies[a] = a == 0 ? piece.getArray() : piece.getArray().duplicate();
                    copies[a].setRequiresGradient(true);
                }
                arrays.add(copies);
            }
            Random random = new Random(1);
            for (int k = 1; k <= run.steps; k++) {
                step(trainer, server, optimizer, run.problem, pieces, arrays, random);
                Reference.Step expected = run.expect.get(k - 1);
                for (int a = 0; a < run.replicas; a++) {
                    float[] weights = LeastSquares.values(column(arrays, a));
                    trace.note("weights", k, a, expected.weights[a], weights);
                }
                optimizer.onEpoch(trainer);
                trace.note("reference", k, 0, expected.reference, LeastSquares.values(model));
            }
            optimizer.onTrainingEnd(trainer);
        }
        return trace;
    }

    private static void step(
            Trainer trainer,
            LocalParameterServer server,
            ReplicaOptimizer optimizer,
            Reference.Problem problem,
            List<Parameter> pieces,
            List<NDArray[]> arrays,
            Random random) {
        Batch first = null;
        List<Batch> batches = new ArrayList<>();
        try (GradientCollector collector = trainer.newGradientCollector()) {
            for (int a = 0; a < trainer.getDevices().length; a++) {
                Batch batch = LeastSquares.batch(trainer.getManager(), problem, a);
                batches.add(batch);
                NDList flat = new NDList();
                column(arrays, a).forEach(array -> flat.add(array.flatten()));
                NDArray residual = LeastSquares.residual(NDArrays.concat(flat), batch.getData());
                collector.backward(
                        trainer.getLoss().evaluate(batch.getLabels(), new NDList(residual)));
                first = first == null ? batch : first;
            }
        }
        optimizer.onTrainingBatch(trainer, new BatchData(first, Map.of(), Map.of()));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        order.forEach(i -> server.update(pieces.get(i).getId(), arrays.get(i)));
        batches.forEach(Batch::close);
    }

    private static List<NDArray> column(List<NDArray[]> arrays, int a) {
        return arrays.stream().map(copies -> copies[a]).toList();
    }

    /** A trainer that says it has several devices, all of them the CPU. */
    private static final class SeveralDevices extends Trainer {

        private final int devices;

        SeveralDevices(Model model, TrainingConfig config, int devices) {
            super(model, config);
            this.devices = devices;
        }

        @Override
        public Device[] getDevices() {
            return Collections.nCopies(devices, Device.cpu()).toArray(new Device[0]);
        }
    }
}
