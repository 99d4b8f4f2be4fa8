package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Batch;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.compress.Draws;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A way into the library by which a case of the fixture is followed. */
enum FixtureWay {
    /** {@code replica.newTrainer}, asked for the reference after each step. */
    OWN {
        @Override
        Trace follow(Reference.Run run) {
            return own(run, true);
        }
    },
    /** Nobody asks for the reference here, so all-reduces really are in flight beside steps. */
    IN_FLIGHT {
        @Override
        Trace follow(Reference.Run run) {
            return own(run, false);
        }
    },
    /** DJL's own trainer, one replica in each process. */
    PLAIN {
        @Override
        Trace follow(Reference.Run run) {
            return plain(run);
        }
    },
    /** What DJL's own trainer does with several GPUs. */
    SERVER {
        @Override
        Trace follow(Reference.Run run) {
            return FixtureServer.follow(run, optimizer(run).build());
        }
    };

    /** Every draw in the fixture is 0.5. */
    private static final Draws HALVES =
            (sender, step, tensor) -> (from, draws, length) -> Arrays.fill(draws, 0, length, 0.5);

    /** Returns what was found on the replicas of this process. */
    abstract Trace follow(Reference.Run run);

    /** Whether this way can follow a case among so many processes. */
    boolean takes(Reference.Run run, int processes) {
        return switch (this) {
            case OWN, IN_FLIGHT -> true;
            case PLAIN -> run.replicas == processes;
            case SERVER -> processes == 1 && run.replicas > 1;
        };
    }

    private static Trace own(Reference.Run run, boolean askForReference) {
        Trace trace = new Trace();
        Replicas.run(
                run.replicas,
                replica -> {
                    int a = replica.getRank();
                    try (Model model = LeastSquares.model(run.problem)) {
                        own(run, replica, model, askForReference, trace);
                        float[] closed = LeastSquares.values(model);
                        trace.note("model", run.steps, a, run.closed(), closed);
                    }
                });
        return trace;
    }

    private static void own(
            Reference.Run run, Replica replica, Model model, boolean askForReference, Trace trace) {
        int a = replica.getRank();
        TrainingConfig config = LeastSquares.config(optimizer(run).build());
        try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
            trainer.initialize(LeastSquares.shapes(run.problem));
            for (int k = 1; k <= run.steps; k++) {
                train(trainer, run.problem, a);
                Reference.Step expected = run.expect.get(k - 1);
                float[] weights = trainer.getWeights(0).toFloatArray();
                trace.note("weights", k, a, expected.weights[a], weights);
                trace.noteMessage(k, expected.messageBits, trainer.getMessageBits());
                if (askForReference) {
                    float[] reference = trainer.getReference().toFloatArray();
                    trace.note("reference", k, a, expected.reference, reference);
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

    private static Trace plain(Reference.Run run) {
        Trace trace = new Trace();
        int a = Integer.parseInt(System.getenv().getOrDefault("OMPI_COMM_WORLD_RANK", "0"));
        ReplicaOptimizer optimizer = optimizer(run).build();
        try (Model model = LeastSquares.model(run.problem)) {
            TrainingConfig config = LeastSquares.config(optimizer).addTrainingListeners(optimizer);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(LeastSquares.shapes(run.problem));
                List<NDArray> trained = new ArrayList<>();
                for (Parameter piece : ((LeastSquares) model.getBlock()).pieces()) {
                    trained.add(piece.getArray());
                }
                for (int k = 1; k <= run.steps; k++) {
                    try (Batch batch = LeastSquares.batch(trainer.getManager(), run.problem, a)) {
                        EasyTrain.trainBatch(trainer, batch);
                        trainer.step();
                    }
                    Reference.Step expected = run.expect.get(k - 1);
                    float[] weights = LeastSquares.values(trained);
                    trace.note("weights", k, a, expected.weights[a], weights);
                    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
                    float[] reference = LeastSquares.values(model);
                    trace.note("reference", k, a, expected.reference, reference);
                }
            }
            trace.note("model", run.steps, a, run.closed(), LeastSquares.values(model));
        }
        return trace;
    }

    /** Returns a case's optimizer, to be built. */
    static ReplicaOptimizer.Builder optimizer(Reference.Run run) {
        Map<String, Object> options = run.givenOptions();
        if (run.rates != null) {
            float[] rates = run.rates;
            Tracker tracker = k -> rates[k - 1];
            options.put("learningRate", tracker);
        }
        ReplicaOptimizer.Builder builder = Optimizer.named(run.optimizer);
        options.forEach(builder::opt);
        return builder.draws(HALVES);
    }
}
