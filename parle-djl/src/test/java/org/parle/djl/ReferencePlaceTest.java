package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;

import org.parle.djl.data.SyntheticDigits;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The model on one device, the replicas on others: a supposed GPU each. */
public class ReferencePlaceTest {

    private static final SyntheticDigits TRAIN = Networks.digits(Dataset.Usage.TRAIN, 320);
    private static final SyntheticDigits TEST = Networks.digits(Dataset.Usage.TEST, 96);

    @DataProvider
    public Object[][] elsewhere() {
        return new Object[][] {
            {Device.cpu(), SupposedGpu.gpu(1)},
            {SupposedGpu.gpu(0), SupposedGpu.gpu(1)},
            {SupposedGpu.gpu(1), Device.cpu()},
        };
    }

    private static DefaultTrainingConfig config(ReplicaOptimizer optimizer, Device... devices) {
        return SupposedGpu.place(Networks.config(optimizer), devices)
                .addTrainingListeners(TrainingListener.Defaults.basic());
    }

    /** Weights and statistics, and what they gave in validation. */
    private record Result(List<float[]> values, float accuracy) {

        void requireEqual(Result other) {
            Assert.assertEquals(accuracy, other.accuracy);
            Assert.assertEquals(values.size(), other.values.size());
            for (int i = 0; i < values.size(); i++) {
                Assert.assertEquals(values.get(i), other.values.get(i), "parameter " + i);
            }
        }
    }

    private static Result result(Model model, Trainer trainer) {
        List<float[]> values = new ArrayList<>();
        for (Parameter parameter : model.getBlock().getParameters().values()) {
            values.add(parameter.getArray().toFloatArray());
        }
        return new Result(values, trainer.getTrainingResult().getValidateEvaluation("Accuracy"));
    }

    private static Map<Integer, Result> train(Device at, Device... devices) {
        return train(Networks::parle, at, devices);
    }

    private static Map<Integer, Result> train(
            Supplier<ReplicaOptimizer> optimizer, Device at, Device... devices) {
        Map<Integer, Result> results = new ConcurrentHashMap<>();
        Replicas.builder()
                .optSeed(3)
                .build(2)
                .run(
                        replica -> {
                            try (Model model = SupposedGpu.model("net", at)) {
                                model.setBlock(Networks.quiet());
                                Trainer trainer =
                                        replica.newTrainer(model, config(optimizer.get(), devices));
                                trainer.initialize(Networks.INPUT);
                                PlainTrainerTest.fill(model);
                                EasyTrain.fit(trainer, 1, replica.shard(TRAIN), TEST);
                                Assert.assertEquals(
                                        ((ReplicaTrainer) trainer).getReference().getDevice(),
                                        devices[0]);
                                Result atEpoch = result(model, trainer);
                                trainer.close();
                                atEpoch.requireEqual(result(model, trainer));
                                results.put(replica.getRank(), atEpoch);
                            }
                        });
        return results;
    }

    /** Batch-norm statistics were estimated in copies that were thrown away. */
    @Test(dataProvider = "elsewhere")
    public void shouldWriteTheModelWhereverItIs(Device at, Device replicas) {
        Map<Integer, Result> expected = train(Device.cpu(), Device.cpu());
        Map<Integer, Result> found = train(at, replicas);
        expected.forEach((rank, result) -> found.get(rank).requireEqual(result));
    }

    /** Whatever is computed in another way on a device: means, messages, the longest gradient. */
    @Test
    public void shouldTrainWithTheSameBitsOnADevice() {
        List<Supplier<ReplicaBuilder<?>>> builders =
                List.of(
                        () -> Optimizer.dataParallelSgd().optClipNorm(0.5f),
                        () -> Optimizer.diloco().optSyncEvery(3).optClipNorm(0.5f),
                        () -> Optimizer.chocoSgd().opt("compressor", "sign"),
                        () -> Optimizer.dcdSgd().opt("compressor", "qsgd"),
                        () -> Optimizer.efSignSgd());
        for (Supplier<ReplicaBuilder<?>> builder : builders) {
            Supplier<ReplicaOptimizer> optimizer =
                    () ->
                            builder.get()
                                    .setLearningRateTracker(Tracker.fixed(0.01f))
                                    .optBatchNormBatches(2)
                                    .build();
            Map<Integer, Result> expected = train(optimizer, Device.cpu(), Device.cpu());
            Map<Integer, Result> found = train(optimizer, SupposedGpu.gpu(0), SupposedGpu.gpu(1));
            expected.forEach((rank, result) -> found.get(rank).requireEqual(result));
        }
    }

    @Test
    public void shouldValidateOnAllDevicesOfATrainer() {
        Device[] two = {SupposedGpu.gpu(1), SupposedGpu.gpu(2)};
        Map<Integer, Result> expected = train(SupposedGpu.gpu(1), two);
        Map<Integer, Result> found = train(Device.cpu(), two);
        expected.forEach((rank, result) -> found.get(rank).requireEqual(result));
    }

    private static Result trainPlainly(Device at, Device device) throws Exception {
        ReplicaOptimizer optimizer = Networks.parle();
        try (Model model = SupposedGpu.model("net", at)) {
            model.setBlock(Networks.quiet());
            Trainer trainer =
                    model.newTrainer(config(optimizer, device).addTrainingListeners(optimizer));
            trainer.initialize(Networks.INPUT);
            EasyTrain.fit(trainer, 1, TRAIN, TEST);
            Result atEpoch = result(model, trainer);
            trainer.close();
            atEpoch.requireEqual(result(model, trainer));
            return atEpoch;
        }
    }

    @Test(dataProvider = "elsewhere")
    public void shouldDoSoInDjlsOwnTrainer(Device at, Device device) throws Exception {
        ai.djl.engine.Engine.getInstance().setRandomSeed(5);
        Result expected = trainPlainly(Device.cpu(), Device.cpu());
        ai.djl.engine.Engine.getInstance().setRandomSeed(5);
        trainPlainly(at, device).requireEqual(expected);
    }

    /** A linear map that notes the arrays that it computes with. */
    private static final class Noting extends AbstractBlock {

        private final List<NDArray> seen = new ArrayList<>();
        private final Parameter weight =
                addParameter(
                        Parameter.builder()
                                .setName("weight")
                                .setType(Parameter.Type.WEIGHT)
                                .build());

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray input = inputs.singletonOrThrow();
            NDArray value = store.getValue(weight, input.getDevice(), training);
            seen.add(value);
            return new NDList(input.reshape(-1, 784).matMul(value));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return new Shape[] {new Shape(inputs[0].get(0), 10)};
        }

        @Override
        protected void prepare(Shape[] inputs) {
            weight.setShape(new Shape(784, 10));
        }
    }

    /** Every batch of validation brought the model along, and left managers behind. */
    @Test
    public void shouldNotCarryTheModelToEachBatch() {
        Device device = SupposedGpu.gpu(1);
        Replicas.run(
                1,
                replica -> {
                    Noting block = new Noting();
                    try (Model model = SupposedGpu.model("net", SupposedGpu.gpu(0))) {
                        model.setBlock(block);
                        ReplicaOptimizer optimizer = Networks.parle();
                        try (Trainer trainer =
                                replica.newTrainer(model, config(optimizer, device))) {
                            trainer.initialize(Networks.INPUT);
                            try (NDManager there = trainer.getManager().newSubManager(device)) {
                                Managed before = null;
                                for (int i = 0; i < 4; i++) {
                                    try (NDManager batch = there.newSubManager()) {
                                        trainer.evaluate(new NDList(batch.ones(Networks.INPUT)));
                                    }
                                    Managed now = Managed.now();
                                    Assert.assertEquals(now, before == null ? now : before);
                                    before = now;
                                    NDArray seen = block.seen.get(i);
                                    Assert.assertEquals(seen.getDevice(), device);
                                    Assert.assertSame(seen, block.seen.get(0));
                                }
                            }
                        }
                    }
                });
    }
}
