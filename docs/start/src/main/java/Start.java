import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;

import org.parle.djl.Optimizer;
import org.parle.djl.Replicas;
import org.parle.djl.data.SyntheticDigits;

import java.nio.file.Path;

/**
 * Trains a small network on drawn digits with three Parle replicas, and saves the one model that
 * they agree on.
 *
 * <pre>mvn -q compile exec:java</pre>
 */
public final class Start {

    private static final int REPLICAS = 3;
    private static final int EPOCHS = 3;
    private static final int BATCH = 64;

    private Start() {}

    /**
     * Trains.
     *
     * @param args none
     */
    public static void main(String[] args) {
        SyntheticDigits train = digits(Usage.TRAIN, 3840);
        SyntheticDigits test = digits(Usage.TEST, 1000);
        Replicas.run(
                REPLICAS,
                replica -> {
                    try (Model model = Model.newInstance("digits")) {
                        model.setBlock(network());
                        TrainingConfig config =
                                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                                        .optDevices(replica.devices())
                                        .addEvaluator(new Accuracy())
                                        .optOptimizer(
                                                Optimizer.parle()
                                                        .setLearningRateTracker(Tracker.fixed(0.1f))
                                                        .build())
                                        .addTrainingListeners(TrainingListener.Defaults.basic());
                        try (Trainer trainer = replica.newTrainer(model, config)) {
                            trainer.initialize(new Shape(BATCH, 1, 28, 28));
                            EasyTrain.fit(trainer, EPOCHS, replica.shard(train), test);
                            if (replica.isFirst()) {
                                System.out.printf(
                                        "accuracy of the one model: %.3f%n",
                                        trainer.getTrainingResult()
                                                .getValidateEvaluation("Accuracy"));
                            }
                        }
                        if (replica.isFirst()) {
                            model.save(Path.of("target", "model"), "digits");
                        }
                    }
                });
    }

    private static SyntheticDigits digits(Usage usage, int size) {
        return SyntheticDigits.builder()
                .optUsage(usage)
                .optSize(size)
                .setSampling(BATCH, true)
                .build();
    }

    private static SequentialBlock network() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(10).build());
    }
}
