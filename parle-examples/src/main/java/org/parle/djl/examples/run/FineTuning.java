package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaBody;
import org.parle.djl.ReplicaOptimizer;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.data.Shard;
import org.parle.djl.examples.network.LeNet;
import org.parle.djl.examples.network.Pretrained;
import org.parle.djl.examples.option.FineTuneOptions;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** What each replica of {@code parle fine-tune} does. */
public final class FineTuning implements ReplicaBody {

    private final FineTuneOptions options;
    private final Supplier<ReplicaOptimizer.Builder> optimizer;
    private final RandomAccessDataset train;
    private final RandomAccessDataset test;
    private final PrintWriter out;

    public FineTuning(
            FineTuneOptions options,
            Supplier<ReplicaOptimizer.Builder> optimizer,
            RandomAccessDataset train,
            RandomAccessDataset test,
            PrintWriter out) {
        this.options = options;
        this.optimizer = optimizer;
        this.train = train;
        this.test = test;
        this.out = out;
    }

    @Override
    public void run(Replica replica) throws Exception {
        try (Pretrained pretrained =
                        Pretrained.load(options.model, options.block, replica.devices()[0]);
                Model model = Model.newInstance("fine-tuned", replica.devices()[0])) {
            model.setBlock(pretrained.network(options.channels, options.side));
            options.common().forEach(replica::mustAgree);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optDevices(replica.devices())
                            .optOptimizer(optimizer.get().build());
            try (ReplicaTrainer trainer = replica.newTrainer(model, config)) {
                trainer.initialize(new Shape(options.batchSize).addAll(LeNet.INPUT));
                train(replica, trainer, pretrained);
            }
            if (replica.isFirst() && options.output != null) {
                SavedModel.save(model, options.output, "fine-tuned");
                out.println("saved to " + options.output);
                out.flush();
            }
        }
    }

    private void train(Replica replica, ReplicaTrainer trainer, Pretrained pretrained)
            throws Exception {
        Errors errors = new Errors(replica, trainer);
        Shard shard = replica.shard(train);
        for (int epoch = 1; epoch <= options.epochs; epoch++) {
            boolean frozen = epoch <= options.frozenEpochs;
            pretrained.freeze(frozen);
            EasyTrain.fit(trainer, 1, shard, null);
            double error = errors.of(test);
            if (replica.isFirst()) {
                out.printf(
                        "epoch %d  %-10s validation error %.2f %%%n",
                        epoch, frozen ? "head only" : "all", 100 * error);
                out.flush();
            }
        }
    }
}
