package org.parle.djl;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;

import org.example.StarTransport;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorContract;

import java.time.Duration;
import java.util.Arrays;

/** One of two processes that the transport on the page about extending connects. */
final class StarMain {

    private StarMain() {}

    public static void main(String[] args) {
        if (Boolean.getBoolean("star.contract")) {
            // of its own port: the trainer finds another provider
            try (Communicator communicator = new StarTransport().connect(Duration.ofMinutes(1))) {
                CommunicatorContract.check(communicator);
            }
            return;
        }
        Replicas.run(
                2,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        try (Trainer trainer =
                                replica.newTrainer(model, Networks.config(Networks.parle()))) {
                            trainer.initialize(Networks.INPUT);
                            EasyTrain.fit(
                                    trainer,
                                    1,
                                    replica.shard(Networks.digits(Dataset.Usage.TRAIN, 320)),
                                    null);
                        }
                        System.out.println(
                                "rank "
                                        + replica.getRank()
                                        + " ends with "
                                        + Arrays.hashCode(Networks.values(model)));
                    }
                });
    }
}
