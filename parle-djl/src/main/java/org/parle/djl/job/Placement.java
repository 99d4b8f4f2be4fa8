package org.parle.djl.job;

import ai.djl.Device;
import ai.djl.engine.Engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How bodies are run: how many, on which devices, with how many threads.
 *
 * @param size how many bodies there are over all processes
 * @param workers how many of this process compute at once, 0 for as many as it has cores
 * @param engineThreads PyTorch's for each of them, 0 for a part of the cores
 * @param timeout of a wait, null for the default
 * @param seed that was set, null for none
 * @param devices dealt out in turn, null for the host's own
 */
public record Placement(
        int size,
        int workers,
        int engineThreads,
        Duration timeout,
        Integer seed,
        List<Device> devices) {

    /**
     * Begins a session of this size. Collective.
     *
     * @return the session
     */
    public Session begin() {
        return Session.begin(size, timeout == null ? World.timeout() : timeout, seed);
    }

    /**
     * Returns how many bodies compute at once.
     *
     * @param bodiesHere how many this process runs
     * @return at least 1
     */
    public int computing(int bodiesHere) {
        return Math.min(bodiesHere, workers > 0 ? workers : Job.current().cores());
    }

    /**
     * Returns PyTorch's threads for each body that computes.
     *
     * @param computing how many do at once
     * @return at least 1
     */
    public int engineThreads(int computing) {
        if (engineThreads > 0) {
            return engineThreads;
        }
        String set = System.getenv("OMP_NUM_THREADS");
        boolean number = set != null && set.matches("[1-9][0-9]{0,4}");
        return number ? Integer.parseInt(set) : Math.max(1, Job.current().cores() / computing);
    }

    /**
     * Returns the seed of the shards' order.
     *
     * @param engine whose seed is taken if none was set
     * @return 0 if that has none either
     */
    public long dataSeed(Engine engine) {
        return Objects.requireNonNullElse(seed, Objects.requireNonNullElse(engine.getSeed(), 0));
    }

    /**
     * Returns a body's device.
     *
     * @param engine that uses it
     * @param rank the body's
     * @param onHost its number among those of this host
     * @return the one that is its turn
     * @throws IllegalArgumentException if it is not there
     */
    public Device device(Engine engine, int rank, int onHost) {
        int gpus = engine.getGpuCount();
        Device mine;
        if (devices != null) {
            mine = devices.get(rank % devices.size());
        } else if (gpus == 0) {
            mine = Device.cpu();
        } else {
            mine = Device.gpu(onHost % gpus);
        }
        Gpus.require(engine, mine);
        return mine;
    }
}
