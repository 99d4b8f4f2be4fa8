package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;

import org.parle.djl.data.SyntheticDigits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process of {@link MpiTrainingTest}; leaves the weights behind, one file for each replica. */
final class MpiTrainingMain {

    private MpiTrainingMain() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        if (args[1].equals("plain")) {
            plain(folder);
        } else {
            int replicas = Integer.parseInt(args[1]);
            boolean drawing = args[2].equals("drawing");
            boolean evaluate = args[3].equals("evaluate");
            save(folder, ReplicasTest.weights(replicas, drawing, evaluate));
        }
    }

    /** A program that knows nothing of MPI. */
    private static void plain(Path folder) throws Exception {
        SyntheticDigits train = Networks.digits(Dataset.Usage.TRAIN, 640);
        SyntheticDigits test = Networks.digits(Dataset.Usage.TEST, 320);
        ReplicaOptimizer optimizer = Networks.parle();
        try (Model model = Networks.model(Networks.quiet())) {
            DefaultTrainingConfig config =
                    Networks.config(optimizer)
                            .addTrainingListeners(TrainingListener.Defaults.logging())
                            .addTrainingListeners(optimizer);
            float[] own;
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(Networks.INPUT);
                EasyTrain.fit(trainer, 3, train, test);
                float accuracy = trainer.getTrainingResult().getValidateEvaluation("Accuracy");
                System.out.println("accuracy " + (accuracy > 0.5 ? "good" : "bad: " + accuracy));
                own = new float[] {accuracy};
            }
            int rank = Integer.parseInt(System.getenv("OMPI_COMM_WORLD_RANK"));
            save(folder, Map.of(rank, Networks.values(model), 10 + rank, own));
        }
    }

    private static void save(Path folder, Map<Integer, float[]> weights) throws IOException {
        for (Map.Entry<Integer, float[]> entry : weights.entrySet()) {
            List<String> lines = new ArrayList<>();
            for (float value : entry.getValue()) {
                lines.add(Float.toHexString(value));
            }
            Files.write(folder.resolve(entry.getKey() + ".txt"), lines);
        }
    }
}
