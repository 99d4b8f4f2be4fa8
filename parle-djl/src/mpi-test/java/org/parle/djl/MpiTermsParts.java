package org.parle.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Transform;

import org.parle.djl.data.Augmentation;
import org.parle.djl.data.Sharding;
import org.parle.djl.schedule.LearningRates;

/**
 * What a rank of {@link MpiTermsMain} trains with.
 *
 * @param item in which the last rank differs
 * @param last whether this is it
 */
record MpiTermsParts(String item, boolean last) {

    static final String VECTOR = "vector ";

    private static final Device FIRST = Device.cpu();

    /** DJL has one CPU; what differs is found before anything is put there. */
    private static final Device SECOND = Device.of("mps", 0);

    boolean is(String name) {
        return item.equals(name);
    }

    /** Whether this rank has another one. */
    boolean differ(String name) {
        return last && is(name);
    }

    /** The vector that this rank has otherwise: the second word, after whose. */
    String vector() {
        return last && item.startsWith(VECTOR) ? word(2) : null;
    }

    private String word(int number) {
        return item.split(" ", -1)[number];
    }

    Device[] devices() {
        boolean two = differ("devices") || differ("replicas");
        return two ? new Device[] {FIRST, SECOND} : new Device[] {FIRST};
    }

    Block block() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(differ("shape") ? 3 : 2).build());
        return differ("kind") ? block.add(Linear.builder().setUnits(2).build()) : block;
    }

    ReplicaOptimizer optimizer() {
        String name = item.startsWith(VECTOR) ? word(1) : "sgd";
        if (is("edges")) {
            name = "decentralized-sgd";
        } else if (is("steps") || differ("optimizer")) {
            name = "local-sgd";
        }
        ReplicaOptimizer.Builder builder = Optimizer.named(name).setLearningRateTracker(tracker());
        if (name.equals("parle")) {
            builder.opt("syncEvery", 4).opt("coupling", word(3));
        }
        if (vectorOf("meanEstimate")) {
            builder.opt("compressor", "qsgd");
        }
        if (is("edges")) {
            builder.opt("topology", "graph.txt");
        }
        if (differ("options")) {
            builder.opt("momentum", 0.5);
        }
        if (differ("devices")) {
            builder.optDevicesPerReplica(2);
        }
        if (differ("batch norm")) {
            builder.optBatchNormBatches(3);
        }
        if (differ("clip")) {
            builder.optClipGrad(2);
        }
        return builder.build();
    }

    private boolean vectorOf(String name) {
        return item.startsWith(VECTOR) && word(2).equals(name);
    }

    private Tracker tracker() {
        return switch (item) {
            case "rate" -> Tracker.fixed(last ? 0.02f : 0.01f);
            case "schedule" -> LearningRates.steps(0.01, 0.1, last ? 60 : 6);
            case "last rate" -> k -> last && k == 24 ? 0.02f : 0.01f;
            case "tracker" -> last ? k -> 0.01f : Tracker.fixed(0.01f);
            default -> Tracker.fixed(0.01f);
        };
    }

    Sharding sharding() {
        return switch (item) {
            case "sharding" -> last ? Sharding.disjoint() : Sharding.reshuffled();
            case "own sets" -> Sharding.own();
            default -> Sharding.full();
        };
    }

    Augmentation augmentation() {
        return differ("augmentation") ? Augmentation.zeros() : Augmentation.none();
    }

    ArrayDataset set(NDManager manager) {
        int items = differ("set") || differ("own sets") ? 31 : 32;
        ArrayDataset.Builder builder =
                new ArrayDataset.Builder()
                        .setData(manager.ones(new Shape(items, 1, 8, 8)))
                        .optLabels(manager.ones(new Shape(items, 2)))
                        .setSampling(differ("batch size") ? 8 : 4, false);
        return (differ("transforms") ? builder.addTransform(new Same()) : builder).build();
    }

    private static final class Same implements Transform {

        @Override
        public NDArray transform(NDArray array) {
            return array;
        }
    }
}
