package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.LocalParameterServer;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.compress.Draws;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Every case of the reference trajectories, through each of the ways in. */
public class FixtureTest {

    /** Every draw in the fixture is 0.5. */
    private static final Draws HALVES =
            (sender, step, tensor) -> (from, draws, length) -> Arrays.fill(draws, 0, length, 0.5);

    @DataProvider
    public Iterator<Object[]> runs() {
        return select(run -> true);
    }

    @DataProvider
    public Iterator<Object[]> single() {
        return select(run -> run.replicas == 1);
    }

    @DataProvider
    public Iterator<Object[]> several() {
        return select(run -> run.replicas > 1);
    }

    private static Iterator<Object[]> select(Predicate<Reference.Run> wanted) {
        return cases(wanted).stream().map(run -> new Object[] {run}).iterator();
    }

    /** Returns some of the cases. */
    static List<Reference.Run> cases(Predicate<Reference.Run> wanted) {
        return Reference.runs().stream().filter(wanted).toList();
    }

    @Test
    public void shouldCoverEveryOptimizerOfTheLibrary() {
        Set<String> missing = new TreeSet<>(Optimizer.providers().keySet());
        Reference.runs().forEach(run -> missing.remove(run.optimizer));
        Assert.assertEquals(missing, Set.of("sign-descent"), "not in the fixture");
    }

    @Test(dataProvider = "runs")
    public void shouldFollowTheReferenceOnThreads(Object run) {
        onThreads((Reference.Run) run, true);
    }

    /** Nobody asks for the reference here, so all-reduces really are in flight beside steps. */
    @Test(dataProvider = "runs")
    public void shouldFollowTheReferenceWithCommunicationInFlight(Object run) {
        onThreads((Reference.Run) run, false);
    }

    private static void onThreads(Reference.Run run, boolean askForReference) {
        Map<String, String> wrong = follow(run, askForReference);
        Assert.assertTrue(wrong.isEmpty(), run + ": " + wrong);
    }

    /** Returns what differs on the replicas of this process. */
    static Map<String, String> follow(Reference.Run run, boolean askForReference) {
        Map<String, String> wrong = new ConcurrentHashMap<>();
        Replicas.run(
                run.replicas,
                replica -> {
                    int a = replica.getRank();
                    try (Model model = LeastSquares.model(run.problem)) {
                        follow(run, replica, model, askForReference, wrong);
                        double[] last = run.expect.get(run.steps - 1).reference;
                        note(wrong, "model", run.steps, a, last, LeastSquares.values(model));
                    }
                });
        return wrong;
    }

    private static void follow(
            Reference.Run run,
            Replica replica,
            Model model,
            boolean askForReference,
            Map<String, String> wrong) {
        int a = replica.getRank();
        TrainingConfig config = LeastSquares.config(optimizer(run));
        try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
            trainer.initialize(LeastSquares.shapes(run.problem));
            for (int k = 1; k <= run.steps; k++) {
                train(trainer, run.problem, a);
                Reference.Step expected = run.expect.get(k - 1);
                float[] weights = trainer.getWeights(0).toFloatArray();
                note(wrong, "weights", k, a, expected.weights[a], weights);
                if (expected.messageBits != null
                        && expected.messageBits != trainer.getMessageBits()) {
                    wrong.putIfAbsent(
                            "first",
                            "step "
                                    + k
                                    + ": a message of "
                                    + trainer.getMessageBits()
                                    + " bits, expected "
                                    + expected.messageBits);
                }
                if (askForReference) {
                    float[] reference = trainer.getReference().toFloatArray();
                    note(wrong, "reference", k, a, expected.reference, reference);
                }
            }
        }
    }

    private static void train(Trainer trainer, Reference.Problem problem, int a) {
        try (Batch batch = LeastSquares.batch(trainer.getManager(), problem, a)) {
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList residual = trainer.forward(batch.getData());
                collector.backward(trainer.getLoss().evaluate(batch.getLabels(), residual));
            }
            trainer.step();
        }
    }

    @Test(dataProvider = "single")
    public void shouldFollowTheReferenceInAPlainTrainer(Object given) {
        Reference.Run run = (Reference.Run) given;
        Map<String, String> wrong = new ConcurrentHashMap<>();
        ReplicaOptimizer optimizer = optimizer(run);
        try (Model model = LeastSquares.model(run.problem)) {
            TrainingConfig config = LeastSquares.config(optimizer).addTrainingListeners(optimizer);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(LeastSquares.shapes(run.problem));
                List<NDArray> trained = new ArrayList<>();
                for (Parameter piece : ((LeastSquares) model.getBlock()).pieces()) {
                    trained.add(piece.getArray());
                }
                for (int k = 1; k <= run.steps; k++) {
                    try (Batch batch = LeastSquares.batch(trainer.getManager(), run.problem, 0)) {
                        EasyTrain.trainBatch(trainer, batch);
                        trainer.step();
                    }
                    Reference.Step expected = run.expect.get(k - 1);
                    note(wrong, "weights", k, 0, expected.weights[0], LeastSquares.values(trained));
                    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
                    note(wrong, "reference", k, 0, expected.reference, LeastSquares.values(model));
                }
            }
            double[] last = run.expect.get(run.steps - 1).reference;
            note(wrong, "model", run.steps, 0, last, LeastSquares.values(model));
        }
        Assert.assertTrue(wrong.isEmpty(), run + ": " + wrong);
    }

    /** What a plain trainer with several GPUs does: one array per replica, gradients added up. */
    @Test(dataProvider = "several")
    public void shouldFollowTheReferenceThroughDjlsParameterServer(Object given) {
        Reference.Run run = (Reference.Run) given;
        throughServer(run, optimizer(run));
    }

    @DataProvider
    public Iterator<Object[]> fourEqualReplicas() {
        return select(run -> run.replicas == 4 && run.optimizer.equals("sgd"));
    }

    /** The mean over two replicas of the mean over their two devices is the mean over all four. */
    @Test(dataProvider = "fourEqualReplicas")
    public void shouldTrainTwoDevicesAsOneReplica(Object given) {
        Reference.Run run = (Reference.Run) given;
        ReplicaOptimizer.Builder builder = Optimizer.named(run.optimizer);
        run.givenOptions().forEach(builder::opt);
        throughServer(run, builder.optDevicesPerReplica(2).build());
    }

    private static void throughServer(Reference.Run run, ReplicaOptimizer optimizer) {
        Map<String, String> wrong = new ConcurrentHashMap<>();
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
                serverStep(trainer, server, optimizer, run.problem, pieces, arrays, random);
                Reference.Step expected = run.expect.get(k - 1);
                for (int a = 0; a < run.replicas; a++) {
                    note(
                            wrong,
                            "weights",
                            k,
                            a,
                            expected.weights[a],
                            LeastSquares.values(column(arrays, a)));
                }
                optimizer.onEpoch(trainer);
                note(wrong, "reference", k, 0, expected.reference, LeastSquares.values(model));
            }
            optimizer.onTrainingEnd(trainer);
        }
        Assert.assertTrue(wrong.isEmpty(), run + ": " + wrong);
    }

    private static void serverStep(
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

    private static ReplicaOptimizer optimizer(Reference.Run run) {
        Map<String, Object> options = run.givenOptions();
        if (run.rates != null) {
            float[] rates = run.rates;
            Tracker tracker = k -> rates[k - 1];
            options.put("learningRate", tracker);
        }
        ReplicaOptimizer.Builder builder = Optimizer.named(run.optimizer);
        options.forEach(builder::opt);
        return builder.draws(HALVES).build();
    }

    private static void note(
            Map<String, String> wrong,
            String what,
            int k,
            int a,
            double[] expected,
            float[] found) {
        String difference = Reference.difference(expected, found);
        if (difference != null) {
            wrong.putIfAbsent(
                    "first", "step " + k + ", replica " + a + ", " + what + ": " + difference);
        }
    }
}
