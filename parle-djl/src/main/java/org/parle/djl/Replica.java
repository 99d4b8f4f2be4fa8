package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.listener.LoggingTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.translate.TranslateException;

import org.parle.djl.comm.Communicator;
import org.parle.djl.data.Augmentation;
import org.parle.djl.data.Shard;
import org.parle.djl.data.ShardTerms;
import org.parle.djl.data.Sharding;
import org.parle.djl.job.Gpus;
import org.parle.djl.job.World;
import org.parle.djl.training.RunListener;

import java.io.IOException;
import java.util.Map;

/**
 * One of the bodies that {@link Replicas} runs: its rank, its devices, its part of the data, and
 * its trainer. Used by its body's thread only.
 */
public final class Replica {

    private final World world;
    private final Device device;
    private final long dataSeed;
    private int shards;

    Replica(World world, Device device, long dataSeed) {
        this.world = world;
        this.device = device;
        this.dataSeed = dataSeed;
    }

    World world() {
        return world;
    }

    /**
     * Returns the number of this body.
     *
     * @return from 0
     */
    public int getRank() {
        return world.bodies().rank();
    }

    /**
     * Returns how many bodies there are, over all processes.
     *
     * @return at least 1
     */
    public int getSize() {
        return world.bodies().size();
    }

    /**
     * Returns whether this is the one that saves and prints. Nothing collective may stand behind
     * this condition: a trainer's first {@code evaluate} after steps, and its {@code close}, are
     * for all.
     *
     * @return true for rank 0
     */
    public boolean isFirst() {
        return getRank() == 0;
    }

    /**
     * Returns the devices for this body's trainer: the GPUs there are are dealt out in turn,
     * several bodies to one if need be; the CPU where there is none.
     *
     * @return one device, or what {@link Replicas.Builder#optDevices} dealt out
     */
    public Device[] devices() {
        return new Device[] {device};
    }

    /**
     * Returns how the bodies talk, for collectives of one's own between a trainer's steps.
     *
     * @return the communicator; all bodies must make the same calls in the same order
     */
    public Communicator communicator() {
        return world.bodies();
    }

    /**
     * Returns this replica's view of a data set: the whole of it, in an order of its own.
     *
     * @param dataset any data set of DJL's, with its own sampling
     * @return batches for this replica, deterministic in the seed, the rank and the epoch
     * @throws IOException if the data set cannot be read
     * @throws TranslateException if the data set's own processing fails
     */
    public Shard shard(RandomAccessDataset dataset) throws IOException, TranslateException {
        return shard(dataset, Sharding.full());
    }

    /**
     * Returns this replica's part of a data set. Its trainer's replicas share it: DJL splits each
     * batch over the devices. All bodies make the same shards in the same order, which is looked at
     * before the first step; {@link Shard#builder} makes others. With {@link Sharding#own} the call
     * is collective, since the sets' sizes are told.
     *
     * @param dataset any data set of DJL's, with its own sampling
     * @param sharding which part
     * @return batches for this replica, deterministic in the seed, the rank and the epoch
     * @throws IOException if the data set cannot be read
     * @throws TranslateException if the data set's own processing fails
     */
    public Shard shard(RandomAccessDataset dataset, Sharding sharding)
            throws IOException, TranslateException {
        return shard(dataset, sharding, Augmentation.none());
    }

    /**
     * Returns this replica's part of a data set of images, each cut and flipped anew in every
     * epoch.
     *
     * @param dataset any data set of DJL's, with its own sampling
     * @param sharding which part
     * @param augmentation what is done to its images
     * @return batches for this replica, deterministic in the seed, the rank and the epoch
     * @throws IOException if the data set cannot be read
     * @throws TranslateException if the data set's own processing fails
     */
    public Shard shard(RandomAccessDataset dataset, Sharding sharding, Augmentation augmentation)
            throws IOException, TranslateException {
        Sharding known = sharding;
        if (sharding.isOwn()) {
            dataset.prepare();
            known = Sharding.own(world.sum(dataset.size()));
        }
        Shard shard =
                Shard.builder()
                        .setDataset(dataset)
                        .setReplica(getRank(), getSize())
                        .optSharding(known)
                        .optAugmentation(augmentation)
                        .optSeed(dataSeed)
                        .build();
        shards++;
        // whole sets are only ordered by it
        boolean seeded = world.seed() != null || !(sharding.isOwn() || isFull(sharding));
        Map<String, String> terms = ShardTerms.of(shard);
        if (!seeded) {
            terms.remove(ShardTerms.SEED);
        }
        terms.forEach((name, value) -> mustAgree(name + " of data " + shards, value));
        return shard;
    }

    private static boolean isFull(Sharding sharding) {
        return sharding.equals(Sharding.full());
    }

    /**
     * Names something that all bodies must have in common, such as an option of the program's own.
     * It is compared before the first step, later at the end of an epoch: if values differ, the run
     * ends and names the item and both values. The optimizer, its options, the network, and what
     * {@link #shard} is given are compared without this.
     *
     * @param name of the item
     * @param value this body's; its text is compared
     */
    public void mustAgree(String name, Object value) {
        world.mustAgree(name, String.valueOf(value));
    }

    /**
     * Returns a trainer whose replicas are coupled with those of all other bodies. Collective.
     *
     * @param model the model; its block is this body's own
     * @param config the training config; its optimizer is a {@link ReplicaOptimizer}, which need
     *     not be a listener here. Of several bodies only the first one's logging listeners are kept
     * @return the trainer
     * @throws IllegalArgumentException if the optimizer is not one of ours, or the config has a GPU
     *     that is not there
     */
    public ReplicaTrainer newTrainer(Model model, TrainingConfig config) {
        if (!(config.getOptimizer() instanceof ReplicaOptimizer)) {
            throw new IllegalArgumentException(
                    "replica.newTrainer needs an optimizer that couples replicas, not "
                            + config.getOptimizer().getClass().getSimpleName()
                            + ": import org.parle.djl.Optimizer and take"
                            + " .optOptimizer(Optimizer.parle()...build())");
        }
        ReplicaOptimizer optimizer = (ReplicaOptimizer) config.getOptimizer();
        optimizer.takeElsewhere();
        if (config.getDevices().length > 1 && config.getExecutorService() != null) {
            throw new IllegalArgumentException(PlainTraining.NO_EXECUTOR);
        }
        Gpus.require(model.getNDManager().getEngine(), config.getDevices());
        prepare(model, config);
        RunListener hooks = new RunListener();
        DefaultTrainingConfig copy = copy(config).addTrainingListeners(hooks);
        for (TrainingListener listener : config.getTrainingListeners()) {
            // one report is enough
            if (isFirst() || !(listener instanceof LoggingTrainingListener)) {
                copy.addTrainingListeners(listener);
            }
        }
        return new ReplicaTrainer(world, model, copy, optimizer.settings(), hooks);
    }

    /** Does to the block what DJL does when it makes a trainer: initializers, and unfreezing. */
    private static void prepare(Model model, TrainingConfig config) {
        DefaultTrainingConfig plain =
                new DefaultTrainingConfig(config.getLossFunction())
                        .optOptimizer(ai.djl.training.optimizer.Optimizer.adam().build())
                        .optDevices(config.getDevices());
        config.getInitializers()
                .forEach(pair -> plain.optInitializer(pair.getKey(), pair.getValue()));
        model.newTrainer(plain).close();
    }

    private static DefaultTrainingConfig copy(TrainingConfig config) {
        DefaultTrainingConfig copy =
                new DefaultTrainingConfig(config.getLossFunction())
                        .optOptimizer(config.getOptimizer())
                        .optDevices(config.getDevices())
                        .addEvaluators(config.getEvaluators());
        return config.getExecutorService() == null
                ? copy
                : copy.optExecutorService(config.getExecutorService());
    }
}
