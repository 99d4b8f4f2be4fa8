package org.parle.djl.training;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

import org.parle.djl.job.World;
import org.parle.djl.random.Seeds;

/**
 * Seeds the engine at every step, so that what it draws is a function of seed, rank and step,
 * whatever was drawn before. Only if no other replica of this process draws too.
 */
final class StepSeeds {

    private final Integer seed;
    private final Side side;
    private final LocalReplicas replicas;
    private long seeded = -1;

    /** Creates them; they do nothing without a seed, and where others draw too. */
    static StepSeeds of(World world, Engine engine, Side side, LocalReplicas replicas) {
        boolean alone = world.bodiesHere() == 1 && replicas.count() == 1;
        Integer set = world.seed() != null ? world.seed() : engine.getSeed();
        return new StepSeeds(alone ? set : null, side, replicas);
    }

    private StepSeeds(Integer seed, Side side, LocalReplicas replicas) {
        this.seed = seed;
        this.side = side;
        this.replicas = replicas;
    }

    /** Seeds the first forward pass of a step. */
    void forward() {
        if (seed != null && seeded != replicas.steps()) {
            seeded = replicas.steps();
            seed(seed);
        }
    }

    /** Seeds what is drawn between steps, by the data or for statistics. */
    void between() {
        if (seed != null) {
            seed(side.between(seed));
        }
    }

    private void seed(int of) {
        JniUtils.setSeed(Seeds.mix(of, replicas.communicator().rank(), replicas.steps()));
    }
}
