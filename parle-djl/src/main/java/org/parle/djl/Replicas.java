package org.parle.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.job.Job;
import org.parle.djl.job.Placement;
import org.parle.djl.job.Session;
import org.parle.djl.job.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the same body once for each replica: on threads of this JVM, and in an MPI job ({@code
 * mpirun -n p}) on those of all p processes, n/p each, numbered process by process.
 *
 * <pre>
 * Replicas.run(3, replica -> {
 *     try (Model model = ...; Trainer trainer = replica.newTrainer(model, config)) { ... }
 * });
 * </pre>
 *
 * <p>More replicas than cores are normal: a permit for each worker limits how many compute at once,
 * and a replica that waits at a synchronisation holds none.
 *
 * <p><b>Memory.</b> Each replica needs these float32 vectors of the model's length: weights, their
 * gradient, the model's own arrays, for the largest parameter the gradient that PyTorch adds, and:
 *
 * <table>
 * <caption>Vectors of the model's length besides those</caption>
 * <tr><th>algorithm<th>vectors
 * <tr><td>sgd<td>1: v
 * <tr><td>elastic-sgd<td>2: v, x
 * <tr><td>local-sgd<td>2: v, x; 3 with outer momentum: M
 * <tr><td>diloco<td>4: m, s, x, M
 * <tr><td>entropy-sgd<td>5: v, x^a, z, m, x
 * <tr><td>parle, consensus<td>2: v, x^a; of several replicas z&#772;, too, and with outer
 *     momentum, their default, x, M, E
 * <tr><td>parle, delayed-consensus<td>4: v, x^a, e, z&#772;; 7 with outer momentum: x, M, E
 * <tr><td>parle, proximal<td>4: v, x^a, z, x
 * <tr><td>parle, momentum<td>5: v, x^a, z, m, z&#772;
 * <tr><td>decentralized-sgd<td>2: v, x&#772;; 3 in the order adapt-with-combine: the neighbours' mean
 * <tr><td>choco-sgd<td>4: v, x&#772;, x&#770;, m
 * <tr><td>dcd-sgd, ecd-sgd<td>3: v, x&#772;, the mean of copies
 * <tr><td>deep-squeeze<td>3: v, x&#772;, e
 * <tr><td>ef-sign-sgd, dgc<td>2: v, e
 * </table>
 *
 * <p>Without momentum there is no v, with adamw there are m and s instead; without &gamma; there is
 * no x^a, but for coupling momentum; with &alpha; = 0 there is no z, else there is one; a
 * compressor where there was an all-reduce takes two more, a syncDelay one (local-sgd, diloco two).
 * A synchronisation, noise, clipping, and a reference that is the weights' mean, need a vector more
 * for a while; a step some scratch. A block with batch norm also keeps its newest inputs.
 */
public final class Replicas {

    private final Placement placement;
    private Session session;
    private boolean stopped;

    private Replicas(Placement placement) {
        this.placement = placement;
    }

    /**
     * Runs n replicas with default settings, as {@link #run(ReplicaBody)} does.
     *
     * @param n how many
     * @param body what each runs
     */
    public static void run(int n, ReplicaBody body) {
        builder().build(n).run(body);
    }

    /**
     * Begins to build replicas with other settings.
     *
     * @return the builder
     */
    public static Builder builder() {
        DjlVersion.check();
        return new Builder();
    }

    /**
     * Returns how many processes run this program together. The first call, here or by a trainer,
     * is collective.
     *
     * @return those of the MPI job, or 1; n must be a multiple of it
     */
    public static int processes() {
        return World.plain().bodies().size();
    }

    /**
     * Runs the body once for each replica, and returns when all have ended. Once only. If one
     * fails, all others are interrupted, and this returns within five seconds; a body that does not
     * end is left on its daemon thread, named in the exception. An interrupt of the caller
     * interrupts the bodies, which end at their next step or wait.
     *
     * @param body what each runs
     * @throws ReplicaException if one of them failed; the cause is its exception
     * @throws EarlyStoppedException if DJL's early stopping ended all bodies
     * @throws ReplicasStoppedException if {@link #stop} did
     */
    public void run(ReplicaBody body) {
        Engine engine = Engine.getInstance();
        begin();
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < session.bodiesHere(); i++) {
            World world = new World(session, session.bodies().get(i));
            // processes of one host number their bodies one after another
            int onHost = Job.current().localRank() * session.bodiesHere() + i;
            Device device = placement.device(engine, world.bodies().rank(), onHost);
            replicas.add(new Replica(world, device, placement.dataSeed(engine)));
        }
        int workers = placement.computing(session.bodiesHere());
        BodyThreads bodies = new BodyThreads(session, workers, placement.engineThreads(workers));
        AtShutdown.stopping(this::stop, () -> bodies.run(replicas, body));
    }

    private synchronized void begin() {
        if (session != null) {
            throw new IllegalStateException("these replicas have run: build new ones");
        }
        session = placement.begin();
        if (stopped) {
            session.stop();
        }
    }

    /**
     * Asks all replicas to stop after the same step; their training loops then throw {@link
     * ReplicasStoppedException}. Any thread may call it, once or more; before {@link #run} it ends
     * the run after its first step. In a job of several processes one of them is enough, and all
     * agree on the step. A JVM that is asked to end, as by a signal, calls it by itself, and waits
     * 30 seconds at the most.
     */
    public synchronized void stop() {
        stopped = true;
        if (session != null) {
            session.stop();
        }
    }

    /** Builds {@link Replicas}. */
    public static final class Builder {

        private int workers;
        private int engineThreads;
        private Duration timeout;
        private Integer seed;
        private Device[] devices;

        private Builder() {}

        /**
         * Sets how many replicas of this process compute at once; by default as many as there are
         * cores, divided by the job's processes on this host. With more replicas than workers, one
         * that waits at a synchronisation lets another compute.
         *
         * @param count at least 1
         * @return this builder
         */
        public Builder optWorkers(int count) {
            workers = atLeastOne("workers", count);
            return this;
        }

        /**
         * Sets how many threads PyTorch uses for one replica's operations on the CPU; by default
         * {@code OMP_NUM_THREADS} where set, else this process's part of the cores, divided by its
         * replicas that compute at once.
         *
         * @param count at least 1
         * @return this builder
         */
        public Builder optEngineThreads(int count) {
            engineThreads = atLeastOne("engine threads", count);
            return this;
        }

        /**
         * Sets how long a replica waits for others at the most; by default the system property
         * {@code parle.timeout}, in seconds, else 30 minutes. A replica that fails ends all waits
         * at once, and a process that is stopped or cut off from the network ends them after a
         * minute, so this is for replicas that call different things.
         *
         * @param duration above zero
         * @return this builder
         */
        public Builder optTimeout(Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("timeout must be above zero, not " + duration);
            }
            timeout = duration;
            return this;
        }

        /**
         * Sets the seed of the shards' order, and with one replica in the process also of the
         * engine's draws at every step; by default the engine's own seed, else 0 for the shards.
         *
         * @param value any number
         * @return this builder
         */
        public Builder optSeed(int value) {
            seed = value;
            return this;
        }

        /**
         * Sets the devices that are dealt out to the replicas in turn, by their rank over all
         * processes; by default each host deals out all of its GPUs, or the CPU if it has none.
         *
         * @param all one or more, repeats allowed: {@code gpu(0), gpu(1), gpu(0), gpu(1)} for two
         *     hosts with two replicas each
         * @return this builder
         */
        public Builder optDevices(Device... all) {
            if (all.length == 0) {
                throw new IllegalArgumentException("devices must be one or more");
            }
            devices = all.clone();
            return this;
        }

        /**
         * Builds n replicas.
         *
         * @param n how many, at least 1
         * @return replicas, not yet running
         */
        public Replicas build(int n) {
            int size = atLeastOne("replicas", n);
            List<Device> all = devices == null ? null : List.of(devices);
            return new Replicas(new Placement(size, workers, engineThreads, timeout, seed, all));
        }

        private static int atLeastOne(String what, int count) {
            if (count < 1) {
                throw new IllegalArgumentException(what + " must be at least 1, not " + count);
            }
            return count;
        }
    }
}
